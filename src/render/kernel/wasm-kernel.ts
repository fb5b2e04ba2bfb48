/** The kernel in WebAssembly (pixels.wat): where things lie in its memory, and how they get there and back. */
import { type Band, type Kernel, type LineMap, NO_CELL } from './kernel.ts'
import { type Ink, NO_INK } from '../inks.ts'
import type { Picture } from '../picture.ts'
import { plainKernel } from './plain-kernel.ts'
import { PIXELS_WASM } from './pixels-wasm.ts'

interface Code {
  readonly memory: WebAssembly.Memory
  colour(pixels: number, inks: number, end: number, width: number, planes: number, colours: number): void
  band(
    tiles: number,
    side: number,
    places: number,
    placesEnd: number,
    rows: number,
    rowsEnd: number,
    seen: number,
    width: number,
    gapLine: number,
    out: number,
  ): void
}

/** Pixels that are worked on at once. */
const LANES = 16
/** What is looked at past a picture's end. */
const PEEKED = 64
/** Bytes of a map for so many pixels: the first cell and pixel, the cells from there, and inks. */
const LANES_OF_MAP = 48
/** Inks that have planes. */
const PLANED = 64
/** So many pixels are coloured at once: they and their inks stay in the processor's nearer cache. */
const COLOURED = 2 ** 17
const PAGE_BYTES = 2 ** 16

/** Besides pictures, for whatever is worked on: pictures of any screen do with less. */
const WORK_BYTES = 2 ** 22

let compiled: WebAssembly.Module | undefined

/**
 * A kernel with a memory of its own.
 * @param pictureBytes how much of that is for pictures
 * @throws Error where WebAssembly with 128-bit instructions, or as much memory, cannot be had
 */
export function makeWasmKernel(pictureBytes = 0): WasmKernel {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(PIXELS_WASM), char => char.charCodeAt(0)))
  const { exports } = new WebAssembly.Instance(compiled)
  return new WasmKernel(exports as unknown as Code, pictureBytes)
}

/** What lies at the beginning of the memory while rows of a picture are painted. */
interface LaidLine {
  places: Int32Array
  readonly mapsAt: readonly number[]
  readonly mapLengths: readonly number[]
  readonly width: number
  readonly placesAt: number
  /** The first pixel in sight. */
  readonly seen: number
  readonly end: number
}

/** Whether tiles stand at the same pixels: what is beside them then is as it was, too. */
function isSameLine(a: Int32Array, b: Int32Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i += 2) if (a[i] !== b[i]) return false
  return true
}

/** Pictures that lie in its memory need not be copied there and back. */
export class WasmKernel implements Kernel {
  /** How much of the memory is for pictures; what is worked on comes after it. */
  readonly pictureBytes: number
  private readonly code: Code
  private readonly bytes: Uint8Array
  private readonly words: Uint32Array
  private readonly maps = new WeakMap<LineMap, Uint8Array>()
  private laid: LaidLine | undefined

  constructor(code: Code, pictureBytes: number) {
    this.code = code
    this.pictureBytes = aligned(pictureBytes, PAGE_BYTES)
    // All at once: what lies in a memory is lost to those who hold it when the memory grows.
    code.memory.grow((this.pictureBytes + WORK_BYTES) / PAGE_BYTES)
    this.bytes = new Uint8Array(code.memory.buffer)
    this.words = new Uint32Array(code.memory.buffer)
  }

  /** Pictures in this memory, with nothing on them, in place of all that were made before. They must fit in. */
  makePictures(width: number, height: number, count: number): Picture[] {
    const length = width * height
    return Array.from({ length: count }, (_, i) => {
      const start = i * aligned(length, LANES)
      const pixels = this.bytes.subarray(start, start + length).fill(NO_INK)
      return { width, height, pixels, kernel: this }
    })
  }

  colour(picture: Picture, colours: Uint32Array, pixels: Uint32Array): void {
    const { pixels: inks, width } = picture
    if (inks.length === 0) return
    this.laid = undefined
    const count = width * Math.max(1, Math.floor(COLOURED / width))
    const room = new Room(this.pictureBytes)
    const planes = room.take(3 * PLANED)
    const table = room.take(4 * colours.length)
    const copy = room.take(count + PEEKED)
    const to = room.take(4 * (count + LANES))
    if (room.end > this.bytes.length) {
      plainKernel.colour(picture, colours, pixels)
      return
    }
    for (let channel = 0; channel < 3; channel++)
      for (let ink = 0; ink < PLANED; ink++)
        this.bytes[planes + channel * PLANED + ink] = colours[ink]! >>> (8 * channel)
    this.words.set(colours, table / 4)
    for (let at = 0; at < inks.length; at += count) {
      const here = inks.subarray(at, at + count)
      const from = this.isHere(inks) ? here.byteOffset : copy
      if (from === copy) this.bytes.set(here, copy)
      this.code.colour(to, from, from + here.length, width, planes, table)
      pixels.set(this.words.subarray(to / 4, to / 4 + here.length), at)
    }
  }

  band(picture: Picture, top: number, band: Band): void {
    const { pixels, width } = picture
    const { side, tiles, places, rows, gapLine } = band
    const count = places.length / 2
    const isHere = this.isHere(pixels)
    const room = new Room(this.pictureBytes)
    const laid = this.layLine(band, width, room)
    const rowsAt = room.take(4 * rows.length)
    const gapAt = room.take(width)
    // What is looked at with the last cells may lie past them.
    const tilesAt = room.take(count * side * side + LANES)
    const copy = room.take(isHere ? 0 : countOf(rows) * width)
    if (!laid || room.end > this.bytes.length) {
      plainKernel.band(picture, top, band)
      return
    }
    this.words.set(rows, rowsAt / 4)
    this.bytes.set(gapLine, gapAt)
    let at = tilesAt
    for (const part of tiles) {
      this.bytes.set(part, at)
      at += part.length
    }
    const out = isHere ? pixels.byteOffset + top * width : copy
    const placesEnd = laid.placesAt + 12 * count
    const rowsEnd = rowsAt + 4 * rows.length
    this.code.band(tilesAt, side, laid.placesAt, placesEnd, rowsAt, rowsEnd, laid.seen, width, gapAt, out)
    if (!isHere) pixels.set(this.bytes.subarray(out, out + countOf(rows) * width), top * width)
  }

  private isHere(pixels: Uint8Array): boolean {
    return pixels.buffer === this.bytes.buffer
  }

  /**
   * Lays out what a line is painted with; nearly always most of it lies there already, from the row above.
   * @returns undefined where there is not enough memory
   */
  private layLine({ places, maps, page }: Band, width: number, room: Room): LaidLine | undefined {
    const { laid } = this
    const isKept = laid && laid.mapsAt.length === maps.length && laid.width === width
    if (isKept && isSameLine(laid.places, places)) {
      room.end = laid.end
      if (laid.places !== places) this.layPlaces(places, laid)
      laid.places = places
      return laid
    }
    const packed = maps.map(map => this.packed(map, page))
    const { before, after } = overhang({ places, maps }, width)
    const placesAt = room.take(6 * places.length)
    const mapsAt = packed.map(({ length }) => room.take(length))
    const seen = room.take(before + width + after) + before
    if (room.end > this.bytes.length) return undefined
    for (const [i, map] of packed.entries()) this.bytes.set(map, mapsAt[i]!)
    this.bytes.fill(page, seen - before, seen + width + after)
    const mapLengths = packed.map(({ length }) => length)
    this.laid = { places, mapsAt, mapLengths, width, placesAt, seen, end: room.end }
    this.layPlaces(places, this.laid)
    return this.laid
  }

  private layPlaces(places: Int32Array, { placesAt, mapsAt, mapLengths, seen }: LaidLine): void {
    for (let i = 0, at = placesAt / 4; i < places.length; i += 2, at += 3) {
      const map = places[i + 1]!
      this.words[at] = seen + places[i]!
      this.words[at + 1] = mapsAt[map]!
      this.words[at + 2] = mapsAt[map]! + mapLengths[map]!
    }
  }

  /** A map as the code reads it; its gutters are all of one page. */
  private packed(map: LineMap, page: Ink): Uint8Array {
    const found = this.maps.get(map)
    if (found) return found
    const made = packMap(map, page)
    this.maps.set(map, made)
    return made
  }
}

const countOf = (rows: Int32Array): number => rows.reduce((sum, each) => sum + each, 0)

/** Places in the memory, one after another. */
class Room {
  end: number

  constructor(start: number) {
    this.end = start
  }

  take(bytes: number): number {
    const start = this.end
    this.end = aligned(start + bytes, LANES)
    return start
  }
}

/** Pixels that tiles reach over the line's two ends, so that they can be painted whole. */
function overhang(
  { places, maps }: Pick<Band, 'places' | 'maps'>,
  width: number,
): { before: number; after: number } {
  let before = 0
  let end = width
  for (let i = 0; i < places.length; i += 2) {
    before = Math.max(before, -places[i]!)
    end = Math.max(end, places[i]! + maps[places[i + 1]!]!.cells.length)
  }
  return { before, after: end - width + LANES }
}

const aligned = (bytes: number, to: number) => Math.ceil(bytes / to) * to

/** The last group ends where the map does, over a part of the one before: nothing is painted beside the tile. */
function packMap({ cells, inks }: LineMap, page: Ink): Uint8Array {
  const groups = Math.ceil(cells.length / LANES)
  const packed = new Uint8Array(groups * LANES_OF_MAP)
  const words = new Uint32Array(packed.buffer)
  for (let group = 0; group < groups; group++) {
    const from = Math.max(0, Math.min(group * LANES, cells.length - LANES))
    const here = cells.subarray(from, from + LANES)
    const first = here.find(cell => cell !== NO_CELL) ?? 0
    const at = group * LANES_OF_MAP
    words[at / 4] = first
    words[at / 4 + 1] = from
    packed.fill(NO_CELL, at + LANES, at + 2 * LANES)
    for (let i = 0; i < here.length; i++) if (here[i] !== NO_CELL) packed[at + LANES + i] = here[i]! - first
    packed.set(inks.subarray(from, from + LANES), at + 2 * LANES)
    // Only maps of less than a group end within it: the next tile lies over that.
    packed.fill(page, at + 2 * LANES + here.length, at + LANES_OF_MAP)
  }
  return packed
}
