/** The sweep over claims against a model that keeps every cluster's claims in a list. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Owner, type OwnerCode } from '../lib/owners.ts'
import { diskOf } from '../testing/qemu.ts'
import type { CopiedStateCode } from './claim-traits.ts'
import { ClaimWalk } from './claim-walk.ts'
import { compareRefcounts } from './compare-refcounts.ts'
import type { Header, Qcow2Image } from './image.ts'
import { RunFlag } from './owner-map.ts'
import { unpackRefcounts } from './stored-refcounts.ts'

const CLUSTER = 512
/** Where the model's only refcount block lies. */
const BLOCK = 5

interface ModelClaim {
  readonly start: number
  readonly length: number
  readonly owner: OwnerCode
  readonly active: number
  readonly inactive: number
  readonly copied: CopiedStateCode
  readonly counted: boolean
}

interface Model {
  readonly fileClusters: number
  readonly claims: readonly ModelClaim[]
  readonly stored: readonly number[]
}

const DATA: readonly OwnerCode[] = [Owner.guestData, Owner.compressedData, Owner.zeroData]
const owner = fc.constantFrom(
  ...DATA,
  Owner.header,
  Owner.refcountTable,
  Owner.activeL1,
  Owner.activeL2,
  Owner.inactiveL1,
  Owner.inactiveL2,
  Owner.bitmapData,
)

const model: fc.Arbitrary<Model> = fc.integer({ min: 6, max: 60 }).chain(fileClusters =>
  fc.record({
    fileClusters: fc.constant(fileClusters),
    claims: fc
      .array(
        fc.record({
          start: fc.nat(fileClusters + 8),
          length: fc.integer({ min: 1, max: 12 }),
          owner,
          active: fc.nat(2),
          inactive: fc.nat(2),
          copied: fc.constantFrom<CopiedStateCode>(0, 1, 2),
          counted: fc.boolean(),
        }),
        { maxLength: 14 },
      )
      .map(claims =>
        claims.map(claim =>
          // What QEMU counts exceeds the file by less than a cluster.
          claim.start + claim.length > fileClusters ? { ...claim, counted: false } : claim,
        ),
      ),
    stored: fc.array(fc.nat(4), { minLength: 256, maxLength: 256 }),
  }),
)

/** An image of 512-byte clusters with one block of 16-bit refcounts. */
function imageOf({ fileClusters, stored }: Model): Qcow2Image {
  const bytes = new Uint8Array(fileClusters * CLUSTER)
  const view = new DataView(bytes.buffer)
  for (const [i, value] of stored.entries()) view.setUint16(BLOCK * CLUSTER + 2 * i, value)
  const refcountTable = new DataView(new ArrayBuffer(CLUSTER))
  refcountTable.setBigUint64(0, BigInt(BLOCK * CLUSTER))
  return {
    disk: diskOf(bytes),
    clusterSize: CLUSTER,
    header: { clusterBits: 9, refcountOrder: 4, incompatibleFeatures: 0n } as Partial<Header> as Header,
    l1Table: new DataView(new ArrayBuffer(8)),
    refcountTable,
  } as Partial<Qcow2Image> as Qcow2Image
}

function walkOf(of: Model): ClaimWalk {
  const walk = new ClaimWalk(imageOf(of))
  walk.references.add(0, 0, -1, true)
  walk.references.add(0, 0, -1, false)
  walk.references.group()
  for (const { start, length, owner: code, active, inactive, copied, counted } of of.claims)
    walk.claims.add(start, length, walk.sources.addReferences(0, active, inactive), code, copied, counted)
  return walk
}

const kind = (code: OwnerCode): string | number =>
  DATA.includes(code) ? 'data' : code === Owner.activeL2 || code === Owner.inactiveL2 ? 'L2' : code

/** One cluster as the rules have it, in words. */
function expectedCluster({ claims, stored, fileClusters }: Model, cluster: number) {
  const on = claims.filter(({ start, length }) => start <= cluster && cluster < start + length)
  const counted = on.filter(claim => claim.counted)
  const references = counted.reduce((sum, { active, inactive }) => sum + active + inactive, 0)
  const inFile = cluster < fileClusters
  const flagged = on.filter(({ copied, active }) => copied !== 0 && active > 0)
  // Past the end only COPIED makes anybody look at the refcount.
  const known = inFile || flagged.length > 0
  const refcount = known ? stored[cluster]! : 0
  const metadata = on.map(claim => claim.owner).filter(code => code >= Owner.header)
  const shown =
    metadata.length > 0 ? Math.min(...metadata) : Math.min(...DATA.filter(c => on.some(o => o.owner === c)))
  const preferred =
    metadata.length === 0 && on.some(o => o.owner === Owner.guestData) ? Owner.guestData : shown
  let flags = inFile ? 0 : RunFlag.pastEnd
  if (on.length > 0) {
    if (known && refcount !== references) flags |= RunFlag.refcountWrong
    if (new Set(on.map(claim => kind(claim.owner))).size > 1) flags |= RunFlag.claimedTwice
    if (known && references > 1 && references > refcount) flags |= RunFlag.claimedTwice
    if (on.every(({ active }) => active === 0)) flags |= RunFlag.inactiveOnly
  }
  const wrong = refcount === 1 ? 2 : 1
  return {
    owner: on.length > 0 ? preferred : inFile && refcount > 0 ? Owner.leaked : Owner.free,
    flags,
    leaks: inFile && refcount > references ? 1 : 0,
    corruptions:
      (inFile && refcount < references ? 1 : 0) +
      flagged.reduce((sum, { copied, active }) => sum + (copied === wrong ? active : 0), 0),
  }
}

test('owners, flags, leaks and corruptions are those of a naive model', async () => {
  await fc.assert(
    fc.asyncProperty(model, async of => {
      const walk = walkOf(of)
      const { runs: list } = await compareRefcounts(walk, async () => {})
      const runs = list.finished()
      const end = Math.max(of.fileClusters, ...of.claims.map(({ start, length }) => start + length))
      expect(runs.end).toBe(end)
      const expected = Array.from({ length: end }, (_, cluster) => expectedCluster(of, cluster))
      const found = Array.from({ length: end }, (_, cluster) => {
        const run = runs.start.findLastIndex(start => start <= cluster)
        return { owner: runs.owner[run], flags: runs.flags[run] }
      })
      expect(found).toEqual(expected.map(({ owner: code, flags }) => ({ owner: code, flags })))
      const sum = (key: 'leaks' | 'corruptions') => expected.reduce((all, one) => all + one[key], 0)
      expect([walk.findings.leaks, walk.findings.corruptions]).toEqual([sum('leaks'), sum('corruptions')])
      for (let i = 1; i < runs.count; i++)
        expect([runs.owner[i], runs.flags[i]]).not.toEqual([runs.owner[i - 1], runs.flags[i - 1]])
    }),
    { numRuns: 1500 },
  )
})

test.each([0, 1, 2, 3, 4, 5, 6])(
  'refcounts of order %i are unpacked as the specification packs them',
  order => {
    const bits = 2 ** order
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }), { minLength: 64, maxLength: 64 }),
        values => {
          const bytes = new Uint8Array((64 * bits) / 8)
          for (const [i, value] of values.entries())
            if (bits < 8) bytes[Math.floor((i * bits) / 8)]! |= Number(value) << ((i * bits) % 8)
            else
              for (let b = 0; b < bits / 8; b++)
                bytes[(i * bits) / 8 + b] = Number((value >> BigInt(bits - 8 - 8 * b)) & 255n)
          const into = new Float64Array(64)
          unpackRefcounts(bytes, order, into)
          expect([...into]).toEqual(values.map(Number))
        },
      ),
    )
  },
)
