/** Scenes for tests: cells from a function, and a palette of colours that cannot be confused. */
import { cellGuard, isUnguarded, TILES_PER_BLOCK } from '../lib/cells.ts'
import { SEVERITIES } from '../lib/layer-severity.ts'
import type { Layer } from '../lib/layers.ts'
import type { WindowCellList } from '../simulation/window-cells.ts'
import type { WindowTable } from '../simulation/report.ts'
import { chooseLayout, type Layout } from '../render/layout.ts'
import { type BlockCells, isRefused, type MapScene, type WindowCells } from '../render/map-scene.ts'
import { makePalette, type Palette } from '../render/palette.ts'
import { isFar } from '../render/tile-pixels.ts'
import { type Viewport, visibleTiles } from '../render/viewport.ts'

const TOKENS: Readonly<Record<string, string>> = {
  free: '#eceff3',
  data: '#b9c3cf',
  tile: '#fbfcfd',
  text: '#1b2129',
  muted: '#566170',
  faint: '#66717f',
  accent: '#0b62cf',
  danger: '#cf1f2f',
  line: '#dfe4ea',
  panel: '#ffffff',
  frag: '#76838f',
  cached: '#0b62cf',
  kept: '#a36208',
  header: '#d1368f',
  rt: '#0a62c0',
  rb: '#2a88d6',
  l1: '#b07d00',
  l2: '#e2600f',
  st: '#6b2fc0',
  il1: '#8f5fe0',
  il2: '#a07fe6',
  bm: '#0d8f7e',
  ramp: '#0a62c0',
  problem: '#6b5a00',
}

export function readTestToken(token: string): string {
  const value = TOKENS[token]
  if (!value) throw new Error(`no such token: ${token}`)
  return value
}

export const testPalette = (layer: Layer = 'owner'): Palette => makePalette(readTestToken, layer, 0x7f)

/** The most severe cell of every square of 2^level clusters of a window, row by row. */
export function reduceWindow(
  clusters: (within: number) => number,
  level: number,
  layer: Layer = 'owner',
): Uint8Array {
  const severities = SEVERITIES[layer]
  const side = 64 >> level
  const cells = new Uint8Array(side * side)
  for (let within = 0; within < 4096; within++) {
    const to = (within >> (6 + level)) * side + ((within & 63) >> level)
    const cell = clusters(within)
    if (severities[cell]! > severities[cells[to]!]!) cells[to] = cell
  }
  return cells
}

/** A table with a row for every window, so that a window's number is its row. */
export function makeWindows(count: number, held: (window: number) => number = () => 1): WindowTable {
  return {
    count,
    rows: count,
    window: Uint32Array.from({ length: count }, (_, window) => window),
    held: Uint8Array.from({ length: count }, (_, window) => held(window)),
    age: new Uint32Array(count),
    nbFragments: new Uint16Array(count),
    fragmentsArraySize: new Uint16Array(count),
    metadata: new Uint16Array(count),
    unguarded: new Uint16Array(count),
    lost: new Uint16Array(count),
  }
}

/** A scene whose cells are what a function says. */
export function makeScene(
  count: number,
  viewport: Viewport,
  cellOfCluster: (cluster: number) => number,
  windows: WindowTable = makeWindows(count),
  layer: Layer = 'owner',
): MapScene {
  const layout: Layout = chooseLayout(count, viewport.width / viewport.height)
  const tiles = new Map<number, WindowCells>()
  const tile = (level: number, window: number): WindowCells => {
    const key = window * 8 + level
    const found = tiles.get(key)
    if (found) return found
    const made = {
      cells: reduceWindow(within => cellOfCluster(window * 4096 + within), level, layer),
      side: 64 >> level,
    }
    tiles.set(key, made)
    return made
  }
  const blocks = new Map<number, BlockCells>()
  const block = (level: number, place: number): BlockCells => {
    const key = place * 8 + level
    const found = blocks.get(key)
    if (found) return found
    const cells = Uint8Array.from(
      Array.from({ length: TILES_PER_BLOCK }, (_, i) => [
        ...tile(level, place * TILES_PER_BLOCK + i).cells,
      ]).flat(),
    )
    const unguarded = Uint32Array.from([...cells.keys()].filter(i => isUnguarded(cellGuard(cells[i]!))))
    const made = { cells, unguarded, changes: 0 }
    blocks.set(key, made)
    return made
  }
  const scene: MapScene = {
    layout,
    windows,
    fileClusters: count * 4096,
    withoutList: undefined,
    hasUnguarded: true,
    cells: { tile: window => tile(0, window), block, windowCells: () => windowCells },
  }
  const inSight = isFar(layout, viewport) ? windowsInSight(layout, viewport) : []
  const windowCells: WindowCellList = {
    count: inSight.length,
    window: Uint32Array.from(inSight),
    cell: Uint8Array.from(inSight, window => tile(6, window).cells[0]!),
    refused: Uint8Array.from(inSight, window => (isRefused(scene, window) ? 1 : 0)),
  }
  return scene
}

/** Working out the cells of all others would take too long. */
function windowsInSight(layout: Layout, viewport: Viewport): number[] {
  const { firstColumn, lastColumn, firstRow, lastRow } = visibleTiles(layout, viewport)
  const windows: number[] = []
  for (let row = firstRow; row <= lastRow; row++)
    for (let column = firstColumn; column <= lastColumn; column++) {
      const window = row * layout.columns + column
      if (window < layout.count) windows.push(window)
    }
  return windows
}
