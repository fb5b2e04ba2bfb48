/** The kinds of clusters that a layer tells apart: the rows of its legend, by which it is counted and filtered. */
import { AGE_STEPS, ageStep, ageValue } from '../lib/age-bucket.ts'
import { CELL_PROBLEM, cellGuard, cellOf, cellOwner, Guard, isUnguarded } from '../lib/cells.ts'
import { CELLS } from '../lib/layer-cells.ts'
import type { Layer } from '../lib/layers.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import { isMetadata, Owner, type OwnerName, OWNERS } from '../lib/owners.ts'
import { isLeakedValue, isMetadataValue, problemValue, Wrong, wrongOf } from '../lib/problem-value.ts'
import { RefcountBucket, REFCOUNT_BUCKETS } from '../lib/refcount-bucket.ts'
import { ageLabel } from './age-style.ts'
import { type CellStyle, Pattern } from './cell-style.ts'
import {
  FREE,
  GUARDED,
  type GuardStyle,
  LOCKED_OUT,
  LOST,
  NOT_KNOWN,
  NOT_METADATA,
  TYPE_NOT_CHECKED,
  guardStyle,
} from './guard-style.ts'
import { cellStyle } from './layer-style.ts'
import { PROBLEM_STYLES, SOUND_DATA, SOUND_METADATA } from './problem-style.ts'

export interface LayerKind {
  /** Tells it from the others of its layer. */
  readonly id: string
  /** In a word or two, after a number of clusters. */
  readonly text: string
  /** The whole of it. */
  readonly title: string
  readonly look: Pick<CellStyle, 'colour' | 'glyph' | 'pattern'>
  /** Which sign it is known by, where that is no style of a cell's own. */
  readonly sign?: 'lost' | 'locked-out' | 'problem'
  /** Listed even where there is none of it. */
  readonly always?: boolean
  matches(cell: number): boolean
}

const TEXTS: Readonly<Record<OwnerName, string>> = {
  free: 'free',
  leaked: 'leaked',
  guestData: 'guest data',
  compressedData: 'compressed',
  zeroData: 'zeros',
  header: 'header',
  refcountTable: 'refcount table',
  refcountBlock: 'refcount blocks',
  activeL1: 'active L1',
  activeL2: 'active L2',
  snapshotTable: 'snapshot table',
  inactiveL1: 'inactive L1',
  inactiveL2: 'inactive L2',
  bitmapDirectory: 'bitmap directory',
  bitmapTable: 'bitmap tables',
  bitmapData: 'bitmaps',
  luksHeader: 'LUKS header',
}

const isLost = (cell: number) => cellGuard(cell) === Guard.lost
const isLockedOut = (cell: number) => cellGuard(cell) === Guard.lockedOut
const hasProblem = (cell: number) => (cell & CELL_PROBLEM) !== 0

const guardKind = (
  id: string,
  style: GuardStyle,
  title: string,
  matches: (cell: number) => boolean,
  rest: Partial<LayerKind> = {},
): LayerKind => ({
  id,
  text: style.short,
  title,
  look: { ...style, pattern: Pattern.plain },
  matches,
  ...rest,
})

export const LOCKED_OUT_TITLE =
  'Unguarded: recorded, but no bitmap can be built to look at it. A window’s frame of this colour says so of all in it'

const UNGUARDED: readonly LayerKind[] = [
  guardKind('lost', LOST, LOST.label, isLost, { text: 'lost', sign: 'lost' }),
  guardKind('locked-out', LOCKED_OUT, LOCKED_OUT_TITLE, isLockedOut, { sign: 'locked-out' }),
]

const problemKind = (title: string): LayerKind => ({
  id: 'problem',
  text: 'problem',
  title,
  look: { colour: { token: 'text' }, glyph: '', pattern: Pattern.plain },
  sign: 'problem',
  matches: hasProblem,
})

/** Metadata before what it describes. */
const ownersInOrder = [...OWNERS].sort(
  (a, b) =>
    Number(isMetadata(b.code)) - Number(isMetadata(a.code)) ||
    Number(a.code === Owner.free) - Number(b.code === Owner.free),
)

const OWNER_KINDS: readonly LayerKind[] = [
  ...ownersInOrder.map(({ code, name, label }) => ({
    id: name,
    text: TEXTS[name],
    title: label,
    look: cellStyle('owner', code, 0),
    always: code === Owner.guestData || code === Owner.free,
    matches: (cell: number) => cellOwner(cell) === code,
  })),
  problemKind('Claimed twice, or its refcount is wrong: a corner is turned down'),
]

/** A cell that protection says the same of, for every style that no guard gives. */
function protectionKinds(checkedTypes: TypeMask): LayerKind[] {
  const of = (style: GuardStyle) => (cell: number) =>
    guardStyle(cellOwner(cell), cellGuard(cell), checkedTypes) === style
  const hollow = { look: { ...TYPE_NOT_CHECKED, pattern: Pattern.hollow } }
  return [
    guardKind('guarded', GUARDED, 'Recorded, and a check finds it', of(GUARDED), { always: true }),
    guardKind(
      'not-checked',
      TYPE_NOT_CHECKED,
      'Metadata of a type that is not checked',
      of(TYPE_NOT_CHECKED),
      hollow,
    ),
    guardKind('not-known', NOT_KNOWN, 'Metadata of a type the 2015 engine does not know', of(NOT_KNOWN), {
      look: { ...NOT_KNOWN, pattern: Pattern.hollow },
    }),
    guardKind('not-metadata', NOT_METADATA, 'Not metadata', of(NOT_METADATA), { always: true }),
    guardKind('free', FREE, 'Free', of(FREE)),
    problemKind('Claimed twice, or its refcount is wrong: a corner is turned down'),
  ]
}

const REFCOUNT_TEXTS: Partial<Record<keyof typeof RefcountBucket, string>> = {
  noBlock: 'no refcount block',
  most: 'largest refcount',
  unknown: 'not known',
}

/** Letters that the text repeats are left out. */
const withoutGlyph = (style: CellStyle, text: string): CellStyle =>
  style.glyph === text ? { ...style, glyph: '' } : style

const REFCOUNT_KINDS: readonly LayerKind[] = [
  ...REFCOUNT_BUCKETS.map(({ code, name, label }) => ({
    id: name,
    text: REFCOUNT_TEXTS[name] ?? `refcount ${label}`,
    title: `Stored refcount: ${label}`,
    look: withoutGlyph(cellStyle('refcount', code, 0), label),
    always: code === RefcountBucket.zero || code === RefcountBucket.one,
    matches: (cell: number) => cellOwner(cell) === code,
  })),
  problemKind('The stored refcount differs from the number of references: a corner is turned down'),
].map(kind => (kind.id === 'problem' ? { ...kind, text: 'differs' } : kind))

const AGE_KINDS: readonly LayerKind[] = [...AGE_STEPS.keys(), -1].map(step => {
  const value = ageValue(step < 0 ? undefined : AGE_STEPS[step], true, true)
  return {
    id: step < 0 ? 'never' : `step-${step}`,
    text: ageLabel(step).replace(' ago', ''),
    title: step < 0 ? 'In a window that was never used' : `In a window last used ${ageLabel(step)}`,
    look: cellStyle('age', cellOf(value, Guard.none), 0),
    always: step < 0,
    matches: (cell: number) => ageStep(cellOwner(cell)) === step,
  }
})

const PROBLEM_TITLES = {
  claimedTwice: 'Claimed by two structures, or more often than its refcount says',
  refcountWrong: 'The stored refcount is not the number of references',
  pastEnd: 'In use, and past the end of the file',
  leaked: 'Referenced by nothing, though its refcount says otherwise',
} as const

const PROBLEM_KINDS: readonly LayerKind[] = [
  ...(['claimedTwice', 'refcountWrong', 'pastEnd', 'leaked'] as const).map(name => ({
    id: name,
    text: name === 'pastEnd' ? 'past the end' : PROBLEM_STYLES[name].label,
    title: PROBLEM_TITLES[name],
    look: PROBLEM_STYLES[name],
    always: true,
    matches: (cell: number) =>
      name === 'leaked' ? isLeakedValue(cellOwner(cell)) : (wrongOf(cellOwner(cell)) & Wrong[name]) !== 0,
  })),
  {
    id: 'sound-metadata',
    text: 'sound metadata',
    title: 'Metadata without a problem',
    look: SOUND_METADATA,
    matches: cell => isSound(cellOwner(cell)) && isMetadataValue(cellOwner(cell)),
  },
  {
    id: 'sound-data',
    text: 'sound data',
    title: 'Guest data without a problem',
    look: SOUND_DATA,
    matches: cell => isSound(cellOwner(cell)) && !isMetadataValue(cellOwner(cell)),
  },
  {
    id: 'free',
    text: 'free',
    title: 'Free',
    look: cellStyle('problem', problemValue(Owner.free, 0), 0),
    matches: cell => cellOwner(cell) === 0,
  },
]

const isSound = (value: number) => value !== 0 && wrongOf(value) === 0 && !isLeakedValue(value)

/**
 * @param checkedTypes what the options have checked
 * @returns the kinds of a layer, in the order of its legend, what is unguarded first
 */
export function layerKinds(layer: Layer, checkedTypes: TypeMask): readonly LayerKind[] {
  const own = {
    owner: OWNER_KINDS,
    protection: undefined,
    refcount: REFCOUNT_KINDS,
    age: AGE_KINDS,
    problem: PROBLEM_KINDS,
  }[layer]
  return [...UNGUARDED, ...(own ?? protectionKinds(checkedTypes))]
}

/** Whether it is one of the two kinds of unguarded metadata, which only a wish of its own filters out. */
export const isUnguardedKind = ({ sign }: LayerKind): boolean => sign === 'lost' || sign === 'locked-out'

/** @param counts clusters by cell, as the worker counts them */
export function countKind(kind: LayerKind, counts: Float64Array): number {
  let sum = 0
  for (const [cell, clusters] of counts.entries()) if (clusters > 0 && kind.matches(cell)) sum += clusters
  return sum
}

/**
 * What a filter mutes. A cell is seen as long as one of the kinds that it belongs to is; unguarded metadata is seen
 * as long as its kind of unguarded is, whatever else was filtered out.
 * @param hidden ids of kinds
 * @returns by cell, 1 for muted
 */
export function mutedCells(kinds: readonly LayerKind[], hidden: readonly string[]): Uint8Array {
  const muted = new Uint8Array(CELLS)
  if (hidden.length === 0) return muted
  return muted.map((_, cell) => {
    const unguarded = isUnguarded(cellGuard(cell))
    const of = kinds.filter(kind => isUnguardedKind(kind) === unguarded && kind.matches(cell))
    return of.length > 0 && of.every(({ id }) => hidden.includes(id)) ? 1 : 0
  })
}

/** What to hide so that only this kind is seen: unguarded metadata stays, unless it is about that. */
export const hiddenBut = (kinds: readonly LayerKind[], kind: LayerKind): string[] =>
  kinds.filter(each => each !== kind && (isUnguardedKind(kind) || !isUnguardedKind(each))).map(({ id }) => id)
