/** The worker's pictures of the map against filling and putting as many pixels, and what the index behind them takes. */
import { LAYERS } from '../lib/layers.ts'
import { OWNERS, Owner } from '../lib/owners.ts'
import { DEFAULT_OPTIONS } from '../simulation/run-options.ts'
import { MapIndex } from '../simulation/map-index.ts'
import { Session } from '../simulation/session.ts'
import { chooseLayout, clusterPoint } from '../render/layout.ts'
import { MapPictures } from '../render/map-picture.ts'
import type { MapScene } from '../render/map-scene.ts'
import { fitLayout, type Viewport } from '../render/viewport.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import type { Benchmark, Contestant } from '../testing/benchmark.ts'
import { makeWindows, testPalette } from '../testing/map-scene.ts'
import { BLANK_RECIPE } from '../workload/blank-recipe.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'

const WIDTH = 1600
const HEIGHT = 1000
const PICTURES = 12
const LAYER = { layer: LAYERS[0] } as const
const NO_MARGINS = { top: 30, right: 16, bottom: 32, left: 16 }
const palette = testPalette()

interface Subject {
  readonly name: string
  readonly windows: number
  readonly middle: number
  scene(): Promise<{ readonly scene: MapScene; readonly index: MapIndex; readonly runs: OwnerRuns }>
}

const images = [
  { name: '1 TiB written', virtualSize: '1T', fill: { pattern: 'sequential', share: 1 } },
  { name: '128 GiB random fill', virtualSize: '128G', fill: { pattern: 'random', share: 0.4 } },
  { name: '1 PiB sparse', virtualSize: '1P', fill: { pattern: 'sequential', share: 0.00001 } },
] as const

function sceneOf(index: MapIndex, windows: MapScene['windows'], fileClusters: number): MapScene {
  return {
    layout: chooseLayout(Math.max(1, windows.count), WIDTH / HEIGHT),
    cells: {
      tile: (level, window) => index.tile(LAYER, level, window),
      windowCells: () => index.windowCells(LAYER),
    },
    windows,
    fileClusters,
    withoutList: undefined,
    hasUnguarded: false,
  }
}

const fromRecipes: Subject[] = images.map(({ name, virtualSize, fill }) => {
  let made: ReturnType<Subject['scene']> | undefined
  const make = async () => {
    const recipe = parseRecipe({ ...BLANK_RECIPE, clusterSize: '64k', virtualSize, fill })
    const session = await Session.open(syntheticSource(recipe), { seconds: 0n, microseconds: 0 })
    session.runUnder(DEFAULT_OPTIONS)
    const index = session.mapIndex()
    index.windowCells(LAYER)
    const scene = sceneOf(index, session.windows, session.image.fileClusters)
    report(name, index, session.owners.runs)
    return { scene, index, runs: session.owners.runs }
  }
  return { name, windows: 0, middle: 0, scene: () => (made ??= make()) }
})

/** A petabyte with something in each of its 4 million windows. */
const full: Subject = {
  name: '1 PiB, every window in use',
  windows: 0,
  middle: 0,
  scene: (() => {
    let made: ReturnType<Subject['scene']> | undefined
    return () => (made ??= Promise.resolve(fullScene()))
  })(),
}

function fullScene() {
  const windows = 2 ** 22
  const runs: OwnerRuns = {
    count: 2 * windows,
    start: Float64Array.from({ length: 2 * windows }, (_, i) => (i >> 1) * 4096 + (i & 1) * 3000),
    owner: Uint8Array.from({ length: 2 * windows }, (_, i) =>
      i & 1 ? OWNERS[2 + ((i * 7) % 5)]!.code : Owner.free,
    ),
    flags: new Uint8Array(2 * windows),
    end: windows * 4096,
  }
  const index = new MapIndex(runs)
  const nothing = { runs: () => new Uint32Array(0) }
  const table = { ...makeWindows(0), count: windows }
  index.show({
    input: { runs, truth: nothing, engine: undefined, checkedTypes: 0, canBuild: true },
    windows: table,
    hasList: true,
  })
  index.windowCells(LAYER)
  report(full.name, index, runs)
  return { scene: sceneOf(index, table, windows * 4096), index, runs }
}

function report(name: string, index: MapIndex, runs: OwnerRuns): void {
  console.log(
    `  ${name}: ${runs.count} runs, index of ${index.bytes} bytes (${(index.bytes / runs.count).toFixed(1)} a run), ${LAYERS[0]} layer`,
  )
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
      canvas.set(ground)
    }
    return PICTURES
  },
}
const ground = new Uint32Array(WIDTH * HEIGHT)
const canvas = new Uint32Array(WIDTH * HEIGHT)

function viewOf(scene: MapScene, scale: number): Viewport {
  const size = { width: WIDTH, height: HEIGHT }
  if (scale === 0) return fitLayout(scene.layout, size, NO_MARGINS, 48)
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
  let prepared: Awaited<ReturnType<Subject['scene']>>
  let buffer: ArrayBuffer | undefined
  return {
    name,
    async prepare() {
      prepared = await subject.scene()
      pictures.draw(
        prepared.scene,
        1,
        { viewport: viewOf(prepared.scene, zoom), ratio: 1, small: undefined },
        palette,
      )
    },
    run() {
      let viewport = viewOf(prepared.scene, zoom)
      for (let i = 0; i < PICTURES; i++) {
        viewport = step(viewport, i)
        const { pixels } = pictures.draw(
          prepared.scene,
          1,
          { viewport, ratio: 1, small: undefined },
          palette,
          buffer,
        )
        buffer = pixels.buffer as ArrayBuffer
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

export const benchmarks: readonly Benchmark[] = [...fromRecipes, full].map(subject => ({
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
