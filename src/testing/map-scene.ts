/** Scenes for tests: cells from a function, and a palette of colours that cannot be confused. */
import { SEVERITY } from '../lib/cells.ts'
import type { Layer } from '../lib/layers.ts'
import type { WindowTable } from '../simulation/report.ts'
import { chooseLayout, type Layout } from '../render/layout.ts'
import type { MapScene } from '../render/map-scene.ts'
import { makePalette, type Palette } from '../render/palette.ts'
import { blockOf, TileCache, windowsPerBlock } from '../render/tile-cache.ts'
import { isDense, tilePixels } from '../render/tile-pixels.ts'
import type { Viewport } from '../render/viewport.ts'
import { wantedBlocks } from '../render/wanted-blocks.ts'

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
}

export function readTestToken(token: string): string {
  const value = TOKENS[token]
  if (!value) throw new Error(`no such token: ${token}`)
  return value
}

export const testPalette = (layer: Layer = 'owner'): Palette => makePalette(readTestToken, layer, 0x7f)

/** The most severe cell of every square of 2^level clusters of a window, row by row. */
export function reduceWindow(clusters: (within: number) => number, level: number): Uint8Array {
  const side = 64 >> level
  const cells = new Uint8Array(side * side)
  for (let within = 0; within < 4096; within++) {
    const to = (within >> (6 + level)) * side + ((within & 63) >> level)
    const cell = clusters(within)
    if (SEVERITY[cell]! > SEVERITY[cells[to]!]!) cells[to] = cell
  }
  return cells
}

export function makeWindows(count: number, held: (window: number) => number = () => 1): WindowTable {
  return {
    count,
    held: Uint8Array.from({ length: count }, (_, window) => held(window)),
    age: new Uint32Array(count),
    nbFragments: new Uint16Array(count),
    fragmentsArraySize: new Uint16Array(count),
    metadata: new Uint16Array(count),
    unguarded: new Uint16Array(count),
    lost: new Uint16Array(count),
  }
}

/** A scene whose cache holds what a view needs, as the simulation would have answered. */
export function makeScene(
  count: number,
  viewport: Viewport,
  cellOfCluster: (cluster: number) => number,
  windows: WindowTable = makeWindows(count),
): MapScene {
  const layout: Layout = chooseLayout(count, viewport.width / viewport.height)
  const tiles = new TileCache(4096)
  const { level, visible } = isDense(viewport)
    ? { level: 6, visible: tilePixels(layout, viewport).visible }
    : tilePixels(layout, viewport)
  for (const block of wantedBlocks(layout, visible, level)) {
    const size = windowsPerBlock(level)
    const cells: number[] = []
    for (let window = block * size; window < Math.min(count, (block + 1) * size); window++)
      cells.push(...reduceWindow(within => cellOfCluster(window * 4096 + within), level))
    tiles.put(level, blockOf(level, block * size), 1, Uint8Array.from(cells))
  }
  return { layout, tiles, windows, fileClusters: count * 4096, withoutList: undefined }
}
