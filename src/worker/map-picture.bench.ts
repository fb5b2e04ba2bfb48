/** The worker's pictures of the map against filling and putting as many pixels, and what the index behind them takes. */
import { LAYERS } from '../lib/layers.ts'
import { Owner } from '../lib/owners.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import { chooseLayout, clusterPoint } from '../render/layout.ts'
import { MapPictures } from '../render/map-picture.ts'
import type { MapScene } from '../render/map-scene.ts'
import { fitLayout, type Viewport } from '../render/viewport.ts'
import { emptyTable } from '../simulation/coverage.ts'
import { NOTHING_KNOWN } from '../simulation/layer-stretches.ts'
import { MapIndex } from '../simulation/map-index.ts'
import type { WindowTable } from '../simulation/report.ts'
import { DEFAULT_OPTIONS } from '../simulation/run-options.ts'
import { Session } from '../simulation/session.ts'
import type { Benchmark, Contestant } from '../testing/benchmark.ts'
import { testPalette } from '../testing/map-scene.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'

const WIDTH = 1600
const HEIGHT = 1000
/** A second's worth of a gesture, nearly. */
const PICTURES = 48
const MARGINS = { top: 30, right: 16, bottom: 32, left: 16 }
const LAYER = { layer: LAYERS[0] } as const
const palette = testPalette()

interface Subject {
  readonly name: string
  /** Made when it is first needed. */
  scene(): Promise<MapScene>
}

const once = (name: string, make: () => Promise<MapScene>): Subject => {
  let made: Promise<MapScene> | undefined
  return { name, scene: () => (made ??= make()) }
}

function sceneOf(index: MapIndex, windows: WindowTable, fileClusters: number): MapScene {
  return {
    layout: chooseLayout(Math.max(1, windows.count), WIDTH / HEIGHT),
    cells: {
      tile: window => index.tile(LAYER, window),
      block: (level, block, from, to) => index.block(LAYER, level, block, from, to),
      windowCells: () => index.windowCells(LAYER),
      windowGrid: ({ count, columns }) => index.windowGrid(LAYER, count, columns),
    },
    windows,
    fileClusters,
    withoutList: undefined,
    hasUnguarded: false,
  }
}

function tellMemory(name: string, { count }: OwnerRuns, index: MapIndex, windows: number): void {
  const { columns } = chooseLayout(Math.max(1, windows), WIDTH / HEIGHT)
  const tell = (layers: string) => {
    const perRun = (index.bytes / count).toFixed(1)
    console.log(`  ${name}: ${count} runs; index of ${index.bytes} bytes, ${perRun} bytes a run, ${layers}`)
  }
  index.windowGrid(LAYER, windows, columns)
  tell('one layer seen')
  for (const layer of LAYERS) index.windowGrid({ layer }, windows, columns)
  tell('all layers seen')
}

const planned = (name: string, virtualSize: string, share: number): Subject =>
  once(name, async () => {
    const fill = { pattern: 'sequential', share }
    const recipe = parseRecipe({ ...BLANK_RECIPE, clusterSize: '64k', virtualSize, fill })
    const session = await Session.open(syntheticSource(recipe), { seconds: 0n, microseconds: 0 })
    session.runUnder(DEFAULT_OPTIONS)
    tellMemory(name, session.owners.runs, session.mapIndex(), session.windows.count)
    return sceneOf(session.mapIndex(), session.windows, session.image.fileClusters)
  })

/** Runs of one to five clusters, an L2 table among them now and then. */
const fragmentsOf = (name: string, checkedTypes: number): Subject =>
  once(name, async () => {
    const clusters = 512 * WINDOW_CLUSTERS
    const random = seededRandom(1)
    const starts: number[] = []
    for (let at = 0; at < clusters; at += 1 + Math.floor(random() * 5)) starts.push(at)
    const owners = [Owner.guestData, Owner.free, Owner.zeroData, Owner.guestData, Owner.compressedData]
    const owner = starts.map((_, i) => (i % 300 === 0 ? Owner.activeL2 : owners[i % owners.length]!))
    return madeOf(name, starts, owner, clusters, checkedTypes)
  })

const fragmented = fragmentsOf('128 GiB in fragments', 0)
/** Nothing of the metadata is recorded: in each picture all of it is to be marked. */
const unguarded = fragmentsOf('128 GiB in fragments, all metadata unguarded', 255)

/** A petabyte with something in each of its four million windows. */
const full = once('1 PiB, every window in use', async () => {
  const windows = 2 ** 22
  const starts = Float64Array.from(
    { length: 2 * windows },
    (_, i) => (i >> 1) * WINDOW_CLUSTERS + (i & 1) * 3000,
  )
  const owners = [Owner.guestData, Owner.zeroData, Owner.compressedData, Owner.activeL2, Owner.refcountBlock]
  const owner = Uint8Array.from(starts, (_, i) => (i & 1 ? owners[i % owners.length]! : Owner.free))
  return madeOf(full.name, starts, owner, windows * WINDOW_CLUSTERS)
})

/** An image of these runs. @param checkedTypes metadata of these types is recorded nowhere, so unguarded */
function madeOf(
  name: string,
  starts: ArrayLike<number>,
  owner: ArrayLike<number>,
  end: number,
  checkedTypes = 0,
): MapScene {
  const count = starts.length
  const runs = {
    count,
    start: Float64Array.from(starts),
    owner: Uint8Array.from(owner),
    flags: new Uint8Array(count),
    end,
  }
  const windows = emptyTable(end / WINDOW_CLUSTERS, new Uint32Array(0))
  const index = new MapIndex(runs)
  index.show({ input: { ...NOTHING_KNOWN, runs, checkedTypes, canBuild: true }, windows, hasList: true })
  tellMemory(name, runs, index, windows.count)
  return { ...sceneOf(index, windows, end), hasUnguarded: checkedTypes !== 0 }
}

const zooms = [
  { name: '20 pixels a cluster', scale: 20 },
  { name: '4 pixels a cluster', scale: 4 },
  { name: '1 pixel a cluster', scale: 1 },
  { name: '10 pixels a window', scale: 1 / 7 },
  { name: 'whole image', scale: 0 },
] as const

const yardstick: Contestant = {
  name: 'fill and put',
  run() {
    for (let i = 0; i < PICTURES; i++) {
      ground.fill(0xff000000 + i)
      put()
    }
    return PICTURES
  },
}
const ground = new Uint32Array(WIDTH * HEIGHT)
const put = putter()

/** Node has no canvas: there, putting is copying, which takes less. */
function putter(): () => void {
  if (typeof OffscreenCanvas === 'undefined') {
    const canvas = new Uint32Array(WIDTH * HEIGHT)
    return () => canvas.set(ground)
  }
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d')!
  const image = new ImageData(new Uint8ClampedArray(ground.buffer), WIDTH, HEIGHT)
  return () => context.putImageData(image, 0, 0)
}

function viewOf(scene: MapScene, scale: number): Viewport {
  const size = { width: WIDTH, height: HEIGHT }
  if (scale === 0) return fitLayout(scene.layout, size, MARGINS, 48)
  const used =
    scene.windows.rows > 0 ? scene.windows.window[scene.windows.rows >> 1]! : scene.layout.count >> 1
  const at = clusterPoint(scene.layout, used * 4096)
  const left = Math.round(at.x * scale - WIDTH / 2)
  const top = Math.round(at.y * scale - HEIGHT / 2)
  return { ...size, scale, x: left / scale, y: top / scale }
}

/** @param step which view comes after one: moved by some pixels, or of another zoom, so that nothing can be kept */
function contestant(
  subject: Subject,
  zoom: number,
  name: string,
  step: (view: Viewport, i: number) => Viewport,
): Contestant {
  const pictures = new MapPictures()
  let scene: MapScene
  let viewport: Viewport
  let buffer: ArrayBuffer | undefined
  const draw = () => {
    const { pixels } = pictures.draw(scene, 1, { viewport, ratio: 1, small: undefined }, palette, buffer)
    buffer = pixels.buffer as ArrayBuffer
  }
  return {
    name,
    async prepare() {
      scene = await subject.scene()
      viewport = viewOf(scene, zoom)
      draw()
    },
    run() {
      for (let i = 0; i < PICTURES; i++) {
        viewport = step(viewport, i)
        draw()
      }
      return PICTURES
    },
  }
}

const moved = (view: Viewport): Viewport => ({
  ...view,
  x: (Math.round(view.x * view.scale) + 9) / view.scale,
  y: (Math.round(view.y * view.scale) + 4) / view.scale,
})
const zoomed = (view: Viewport, i: number): Viewport => ({
  ...view,
  scale: view.scale * (i % 2 ? 1 / 1.0001 : 1.0001),
})

const subjects = [
  planned('1 TiB written', '1T', 1),
  fragmented,
  unguarded,
  planned('1 PiB sparse', '1P', 0.00001),
  full,
]

export const benchmarks: readonly Benchmark[] = subjects.map(subject => ({
  name: `map picture: ${subject.name}`,
  unit: 'picture',
  contestants: [
    yardstick,
    ...zooms.flatMap(({ name, scale }) => [
      contestant(subject, scale, `${name}, moved`, moved),
      contestant(subject, scale, `${name}, anew`, zoomed),
    ]),
  ],
}))
