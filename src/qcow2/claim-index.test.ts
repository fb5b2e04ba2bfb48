/** Claims that are kept and replaced table by table, against a list of all of them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Owner } from '../lib/owners.ts'
import { ClaimIndex, STRUCTURES } from './claim-index.ts'
import { ClaimList } from './claim-list.ts'
import { ClaimSources, type Structure } from './claim-sources.ts'
import type { ClaimStore, SourcedClaims } from './claim-store.ts'
import { traitsOf } from './claim-traits.ts'

interface Said {
  readonly start: number
  readonly length: number
  readonly traits: number
  readonly active: number
  readonly inactive: number
  readonly structure: Structure | undefined
}

/** What each table claims, by its sector, in the order of its entries. */
type Tables = ReadonlyMap<number, readonly Said[]>

/** The last clusters that a number can tell, and those that an L2 entry of 512-byte clusters can name. */
const FAR = [2 ** 53 - 2, 2 ** 47 - 1, 2 ** 40]
/** Sectors of tables, the farthest among them. */
const TABLES = [STRUCTURES, 8, 16, 24, 4096, 2 ** 33, 2 ** 47 - 8]

const structures: readonly Structure[] = [
  { kind: 'header' },
  { kind: 'refcount-block' },
  { kind: 'snapshot-l1', snapshot: 3 },
  { kind: 'bitmap-data', bitmap: 1 },
]

/** Runs of clusters as a disk in order has them, single ones as one at random has them, and some that overlap. */
const start = fc.oneof(
  { weight: 8, arbitrary: fc.nat(900) },
  { weight: 1, arbitrary: fc.constantFrom(...FAR) },
)
const length = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.nat(30).map(more => 1 + more) },
  { weight: 1, arbitrary: fc.constant(2 ** 32 - 1) },
)
const said = (table: number) =>
  fc
    .record({
      start,
      length,
      owner: fc.constantFrom(Owner.guestData, Owner.compressedData, Owner.zeroData, Owner.activeL2),
      copied: fc.constantFrom(0 as const, 1 as const, 2 as const),
      counted: fc.boolean(),
      active: fc.constantFrom(0, 1, 1, 2 ** 22),
      inactive: fc.constantFrom(0, 0, 1, 65535),
      structure: fc.constantFrom(...structures),
    })
    .map(({ owner, copied, counted, structure, ...rest }): Said => {
      // Nothing that goes farther is claimed.
      const each = { ...rest, length: Math.min(rest.length, Number.MAX_SAFE_INTEGER - rest.start) }
      const traits = traitsOf(owner, copied, counted)
      if (table !== STRUCTURES) return { ...each, traits, structure: undefined }
      const isOld = structure.kind === 'snapshot-l1'
      return { ...each, traits, active: isOld ? 0 : 1, inactive: isOld ? 1 : 0, structure }
    })

const claimsOf = (most: number) =>
  fc
    .constantFrom(...TABLES)
    .chain(table =>
      fc
        .array(said(table), { maxLength: most, size: 'max' })
        .map((claims): [number, readonly Said[]] => [table, claims]),
    )

const tablesOf = (tables: number, most: number) =>
  fc.array(claimsOf(most), { maxLength: tables }).map((all): Tables => new Map(all))

/** As a walk over these tables finds them. */
function walked(tables: Tables): SourcedClaims {
  const [claims, sources] = [new ClaimList(), new ClaimSources()]
  for (const [table, all] of [...tables].toSorted(([one], [other]) => one - other))
    for (const { start: first, length: clusters, traits, active, inactive, structure } of all) {
      const source = structure
        ? sources.addStructure(structure)
        : sources.addReferences(table, active, inactive)
      claims.addWith(first, clusters, source, traits)
    }
  return { claims, sources }
}

interface Told extends Said {
  readonly table: number
}

const toldBy = (store: ClaimStore, claim: number): Told => ({
  start: store.start(claim),
  length: store.end(claim) - store.start(claim),
  traits: store.traits(claim),
  active: store.active(claim),
  inactive: store.inactive(claim),
  structure: store.structure(claim),
  table: store.table(claim),
})

/** The same of all claims, from a list of them. */
function expected(tables: Tables, from: number, to: number): Told[] {
  return [...tables]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([table, all]) => all.map(each => ({ ...each, table })))
    .filter(each => each.start < to && each.start + each.length > from)
    .toSorted((one, other) => one.start - other.start)
}

function visited(index: ClaimIndex, from: number, to: number): Told[] {
  const all: Told[] = []
  index.visit(from, to, (store, claim) => all.push(toldBy(store, claim)))
  return all
}

const cut = (all: readonly Told[], from: number, to: number) =>
  all.map(({ start: first, length: clusters, traits, table, active, inactive }) => {
    const begin = Math.max(first, from)
    return [begin, Math.min(first + clusters, to) - begin, traits, table, active, inactive]
  })

function sliced(index: ClaimIndex, from: number, to: number) {
  const { claims, sources } = index.slice(from, to)
  return Array.from({ length: claims.count }, (_, claim) => {
    const source = claims.source[claim]!
    return [
      claims.start[claim],
      claims.length[claim],
      claims.traits[claim],
      sources.table[source],
      sources.active[source],
      sources.inactive[source],
    ]
  })
}

test('says of every cluster what the tables say that were told of last', () => {
  fc.assert(
    fc.property(
      tablesOf(8, 400),
      fc.array(tablesOf(2, 40), { maxLength: 8 }),
      fc.array(fc.tuple(start, fc.constantFrom(1, 1, 64, 2 ** 33)), { minLength: 4, maxLength: 4 }),
      (first, steps, ranges) => {
        let now = first
        const all = walked(first)
        all.claims.sort()
        let index = ClaimIndex.of(all)
        for (const step of steps) {
          const before: Tables = new Map([...now].filter(([table]) => step.has(table)))
          index = index.replacing(new Set(step.keys()), walked(before), walked(step))
          now = new Map([...now, ...step])
        }
        const everything = expected(now, 0, Infinity)
        expect(index.count).toBe(everything.length)
        expect(visited(index, 0, Infinity)).toEqual(everything)
        for (const [from, clusters] of ranges) {
          const to = from + clusters
          expect(visited(index, from, to)).toEqual(expected(now, from, to))
          expect(sliced(index, from, to)).toEqual(cut(expected(now, from, to), from, to))
          expect(index.hasFrom(from)).toBe(expected(now, from, Infinity).length > 0)
        }
      },
    ),
    { numRuns: 150 },
  )
})

test('leaves the versions before as they were', () => {
  fc.assert(
    fc.property(tablesOf(6, 200), tablesOf(2, 40), tablesOf(2, 40), (first, second, third) => {
      const all = walked(first)
      all.claims.sort()
      const before = ClaimIndex.of(all)
      const replacedIn = (of: Tables, by: Tables) =>
        walked(new Map([...of].filter(([table]) => by.has(table))))
      const between = before.replacing(new Set(second.keys()), replacedIn(first, second), walked(second))
      const now = new Map([...first, ...second])
      between.replacing(new Set(third.keys()), replacedIn(now, third), walked(third))
      expect(visited(before, 0, Infinity)).toEqual(expected(first, 0, Infinity))
      expect(visited(between, 0, Infinity)).toEqual(expected(now, 0, Infinity))
    }),
    { numRuns: 60 },
  )
})

/** A table of a disk written at random. */
const randomTable = (sector: number, shift: number): [number, readonly Said[]] => [
  sector,
  Array.from({ length: 1000 }, (_, i) => ({
    start: (i * 389 + shift) % 100_000,
    length: 1,
    traits: traitsOf(Owner.guestData, 1, true),
    active: 1,
    inactive: 0,
    structure: undefined,
  })),
]

test('keeps what was replaced no longer than until there is much of it', () => {
  const sectors = Array.from({ length: 20 }, (_, i) => 128 * i)
  let now: Tables = new Map(sectors.map(sector => randomTable(sector, sector)))
  const all = walked(now)
  all.claims.sort()
  let index = ClaimIndex.of(all)
  const { byteLength } = index
  for (let round = 0; round < 60; round++) {
    const sector = sectors[(round * 7) % sectors.length]!
    const step: Tables = new Map([randomTable(sector, sector + round)])
    index = index.replacing(new Set([sector]), walked(new Map([[sector, now.get(sector)!]])), walked(step))
    now = new Map([...now, ...step])
    expect(index.byteLength).toBeLessThan(2 * byteLength)
  }
  expect(visited(index, 0, Infinity)).toEqual(expected(now, 0, Infinity))
})
