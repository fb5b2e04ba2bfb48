/**
 * A palette as the pens of the map use it. A picture holds a byte a pixel, the number of an ink; what colour that is
 * is looked up once, when the picture is done (kernel/kernel.ts). Equal colours are one ink.
 */
import { CELL_PROBLEM } from '../lib/cells.ts'
import { CELLS, ofCells } from '../lib/layer-cells.ts'
import { Owner } from '../lib/owners.ts'
import { isOpen, Pattern } from './cell-style.ts'
import type { Pixel } from './colours.ts'
import type { CellColours, Palette } from './palette.ts'

/** The number of an ink. */
export type Ink = number

/** By cell byte: its ink. */
export type CellInks = Uint8Array

/** Pixels that nothing was painted on: transparent. */
export const NO_INK: Ink = 0
const INKS = 256

/** The same fields as in Palette, in inks. */
export interface Inks extends Pick<Palette, 'prominent' | 'muted' | 'severities' | 'patterns'> {
  /** By ink: its colour. */
  readonly colours: Uint32Array
  readonly flat: CellInks
  readonly boxed: CellInks
  readonly flatRefused: CellInks
  readonly boxedRefused: CellInks
  /** Of boxed cells what is not drawn over others: in place of what is, the empty tile. */
  readonly ground: CellInks
  readonly groundRefused: CellInks
  /** The same where there is room for patterns: those that leave the cell's middle open are drawn in an empty one. */
  readonly openGround: CellInks
  readonly openGroundRefused: CellInks
  /** By cell: 1 for what bears a sign without being drawn over others. */
  readonly signed: Uint8Array
  readonly second: Ink
  readonly page: Ink
  readonly tile: Ink
  readonly tileRefused: Ink
  readonly danger: Ink
  readonly marks: CellInks
  readonly frames: Readonly<Record<keyof Palette['frames'], Ink>>
}

/** What most cells of most images are. */
const COMMON: readonly number[] = [
  Owner.free,
  Owner.guestData,
  Owner.zeroData,
  Owner.compressedData,
  Owner.activeL2,
  Owner.refcountBlock,
]

const made = new WeakMap<Palette, Inks>()

/** @throws Error where the palette has more colours than there are inks */
export function inksOf(palette: Palette): Inks {
  const found = made.get(palette)
  if (found) return found
  const inks = makeInks(palette)
  made.set(palette, inks)
  return inks
}

function makeInks(palette: Palette): Inks {
  const mixer = new Mixer()
  // What most pixels are comes first: the first inks are the fastest to be turned into colours.
  const page = mixer.ink(palette.page)
  const tile = mixer.ink(palette.tile)
  const danger = mixer.ink(palette.danger)
  for (const cell of COMMON) mixer.ink(palette.flat[cell]!)
  for (const cell of COMMON) mixer.ink(palette.boxed[cell]!)
  const { nothing, fragments, cached, kept, refused } = palette.frames
  const frames = {
    nothing: mixer.ink(nothing),
    fragments: mixer.ink(fragments),
    cached: mixer.ink(cached),
    kept: mixer.ink(kept),
    refused: mixer.ink(refused),
  }
  const flat = mixer.inks(palette.flat)
  const boxed = mixer.inks(palette.boxed)
  const tileRefused = mixer.ink(palette.tileRefused)
  const boxedRefused = mixer.inks(palette.boxedRefused)
  const { prominent, muted, severities, patterns } = palette
  const ground = boxed.map((ink, cell) => (prominent[cell] ? tile : ink))
  const groundRefused = boxedRefused.map((ink, cell) => (prominent[cell] ? tileRefused : ink))
  const opened = (inks: CellInks) =>
    inks.map((ink, cell) => (!prominent[cell] && isOpen(patterns[cell]!) ? tile : ink))
  const isSigned = (cell: number) =>
    patterns[cell] !== Pattern.plain || ((cell & CELL_PROBLEM) !== 0 && !muted[cell])
  return {
    prominent,
    muted,
    severities,
    patterns,
    flat,
    boxed,
    flatRefused: mixer.inks(palette.flatRefused),
    boxedRefused,
    ground,
    groundRefused,
    openGround: opened(ground),
    openGroundRefused: opened(groundRefused),
    signed: ofCells(cell => (!prominent[cell] && isSigned(cell) ? 1 : 0)),
    second: mixer.ink(palette.second),
    page,
    tile,
    tileRefused,
    danger,
    marks: mixer.inks(palette.marks),
    frames,
    colours: mixer.colours,
  }
}

/** Numbers colours in the order they come in. */
class Mixer {
  readonly colours = new Uint32Array(INKS)
  private readonly numbers = new Map<Pixel, Ink>()

  ink(colour: Pixel): Ink {
    const found = this.numbers.get(colour)
    if (found !== undefined) return found
    const ink = NO_INK + 1 + this.numbers.size
    if (ink >= INKS) throw new Error(`a palette of more than ${INKS - 1} colours cannot be drawn`)
    this.numbers.set(colour, ink)
    this.colours[ink] = colour
    return ink
  }

  inks(colours: CellColours): CellInks {
    return Uint8Array.from({ length: CELLS }, (_, cell) => this.ink(colours[cell]!))
  }
}
