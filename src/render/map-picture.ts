/** Everything a page needs to show a view of the map: made where the image is, as plain data to be posted. */
import type { Layer } from '../lib/layers.ts'
import { firstRowFrom } from '../lib/window-rows.ts'
import type { WindowTable } from '../simulation/report.ts'
import { type Callout, chooseCallouts } from './callouts.ts'
import { colourPicture, drawMap } from './draw-map.ts'
import { drawMarks } from './draw-marks.ts'
import { LETTERS_FROM } from './draw-glyphs.ts'
import { LEAST_CAPTIONED } from './draw-captions.ts'
import { type Inks, inksOf } from './inks.ts'
import { gatherMarks } from './gather-marks.ts'
import type { Layout } from './layout.ts'
import type { MapScene } from './map-scene.ts'
import { Marks, type PackedMarks } from './marks.ts'
import type { Palette } from './palette.ts'
import { makePictures } from './kernel/the-kernel.ts'
import type { Picture } from './picture.ts'
import { ScrolledGround } from './scrolled-ground.ts'
import { isFar, tileOfWindow, tilePixels } from './tile-pixels.ts'
import type { Viewport } from './viewport.ts'
import { visibleWindows } from './visible-windows.ts'

export interface PictureView {
  readonly layer: Layer
  readonly layout: Layout
  readonly viewport: Viewport
  /** Device pixels a CSS pixel. */
  readonly ratio: number
  /** The view of the small map, where that is wanted anew. */
  readonly small: Viewport | undefined
}

/** The windows that are to be named, and the cells that are to bear letters. */
export interface Lettered {
  /** Rows of the windows in sight, where they are large enough to be named. */
  readonly windows: WindowTable
  /** Cells of the windows in sight, where cells are large enough to bear letters. */
  readonly lettered: readonly { readonly window: number; readonly cells: Uint8Array }[]
}

/** A view in pixels, and what is to be written over it. */
export interface LetteredPicture extends Lettered {
  readonly viewport: Viewport
  readonly layout: Layout
  readonly pixels: Uint32Array
  readonly callouts: readonly Callout[]
}

export interface MapPicture extends LetteredPicture {
  readonly marks: PackedMarks
  readonly small: { readonly viewport: Viewport; readonly pixels: Uint32Array } | undefined
}

export class MapPictures {
  private readonly ground = new ScrolledGround()
  /** Gathered and painted anew each time. */
  private readonly marks = new Marks()
  private pictures: Picture[] = []

  /**
   * @param revision of what the scene shows
   * @param buffer of an earlier picture, to be used again where it has the size
   */
  draw(
    scene: MapScene,
    revision: number,
    { viewport, ratio, small }: Omit<PictureView, 'layout' | 'layer'>,
    palette: Palette,
    buffer?: ArrayBuffer,
  ): MapPicture {
    const unit = Math.max(1, Math.round(ratio))
    const { width, height } = viewport
    const isFitting = buffer?.byteLength === 4 * width * height
    const pixels = isFitting ? new Uint32Array(buffer) : new Uint32Array(width * height)
    const inks = inksOf(palette)
    const [ring, marked] = this.picturesOf(width, height)
    const ground = this.ground.draw({ scene, revision, viewport, inks, unit }, ring)
    const marks = gatherMarks(scene, viewport, inks.muted, this.marks)
    const tileOf = (window: number) => tileOfWindow(scene.layout, viewport, window)
    if (marks.total > 0) {
      join(ground, marked)
      drawMarks(marked, marks, inks, unit, tileOf)
    }
    colourParts(marks.total > 0 ? [marked] : ground, inks, pixels)
    return {
      viewport,
      layout: scene.layout,
      pixels,
      marks: marks.packed(),
      callouts: chooseCallouts(marks, { ratio, tileOf }),
      ...inSight(scene, viewport, ratio),
      small: small && { viewport: small, pixels: drawMap(scene, small, palette, unit).pixels },
    }
  }

  private picturesOf(width: number, height: number): readonly [Picture, Picture] {
    const [first] = this.pictures
    if (first?.width !== width || first.height !== height)
      this.pictures = makePictures(width, height, 2, this.pictures)
    return this.pictures as [Picture, Picture]
  }
}

/** @param parts that are as high as the picture together */
function join(parts: readonly Picture[], { pixels }: Picture): void {
  let at = 0
  for (const part of parts) {
    pixels.set(part.pixels, at)
    at += part.pixels.length
  }
}

function colourParts(parts: readonly Picture[], inks: Inks, pixels: Uint32Array): void {
  let at = 0
  for (const part of parts) {
    colourPicture(part, inks, pixels.subarray(at, at + part.pixels.length))
    at += part.pixels.length
  }
}

/** What there is room to write. @param ratio pixels a CSS pixel */
export function inSight(scene: MapScene, viewport: Viewport, ratio: number): Lettered {
  const named: number[] = []
  const lettered: { window: number; cells: Uint8Array }[] = []
  const { level, cellSide, tileSide } = tilePixels(scene.layout, viewport)
  if (!isFar(scene.layout, viewport) && tileSide >= LEAST_CAPTIONED * ratio) {
    const hasLetters = level === 0 && cellSide >= LETTERS_FROM * ratio
    for (const { window } of visibleWindows(scene.layout, viewport)) {
      named.push(window)
      const tile = hasLetters ? scene.cells.tile(window) : undefined
      if (tile) lettered.push({ window, cells: tile.cells })
    }
  }
  return { windows: rowsOf(scene.windows, named), lettered }
}

/** The rows of these windows (ascending) alone. */
function rowsOf(table: WindowTable, windows: readonly number[]): WindowTable {
  const rows: number[] = []
  for (const window of windows) {
    const row = firstRowFrom(table.window, table.rows, window)
    if (row < table.rows && table.window[row] === window) rows.push(row)
  }
  const take = <T extends Uint8Array | Uint16Array | Uint32Array>(column: T): T => {
    const taken = column.slice(0, rows.length) as T
    for (let i = 0; i < rows.length; i++) taken[i] = column[rows[i]!]!
    return taken
  }
  return {
    count: table.count,
    rows: rows.length,
    window: take(table.window),
    held: take(table.held),
    age: take(table.age),
    nbFragments: take(table.nbFragments),
    fragmentsArraySize: take(table.fragmentsArraySize),
    metadata: take(table.metadata),
    unguarded: take(table.unguarded),
    lost: take(table.lost),
  }
}
