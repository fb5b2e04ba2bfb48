/** Reports on single clusters, and images made to break their reader. */
import { afterAll, expect, test } from 'vitest'
import { type Extent, SparseSource } from '../disk/sparse-source.ts'
import { Cancelled } from '../lib/cancel.ts'
import { Owner, OWNERS } from '../lib/owners.ts'
import { RefcountBucket, refcountBucket } from '../lib/refcount-bucket.ts'
import { SOUND_PLANS } from '../testing/image-plans.ts'
import { diskOfFile, ImageFolder } from '../testing/qemu.ts'
import { buildOwnerMap } from './build-owner-map.ts'
import { MAX_REPORTED_CLAIMS } from './cluster-report.ts'
import { compressedExtent } from './entries.ts'
import { MAX_PROBLEMS } from './findings.ts'
import { openImage } from './open-image.ts'
import { type OwnerMap, RunFlag } from './owner-map.ts'
import { MAX_TABLE_BYTES, WorkBudget } from './work-budget.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

/** Each cluster's claims, as `owner: path @guest offset`. */
async function claimLines(owners: OwnerMap): Promise<string[]> {
  const lines: string[] = []
  for (let cluster = 0; cluster < owners.runs.end; cluster++) {
    const { claims } = await owners.report(cluster)
    for (const { owner, path, guestOffset, copied } of claims)
      lines.push(
        `${cluster} ${OWNERS[owner]!.name}: ${path.join(' > ')}` +
          `${guestOffset === undefined ? '' : ` @${guestOffset / 65536n}`}${copied ? ' copied' : ''}`,
      )
  }
  return lines
}

test('reports name every path to a cluster', async () => {
  const file = await folder.make({
    name: 'paths',
    size: '1G',
    steps: [
      'write -P 1 0 64k',
      ['snapshot', '-c', 'before', 'FILE'],
      'write -P 2 64k 64k',
      'write -c -P 3 512M 64k',
      ['bitmap', '--add', 'FILE', 'day'],
    ],
  })
  const owners = await buildOwnerMap(await openImage(diskOfFile(file)))
  expect(await claimLines(owners)).toEqual([
    '0 header: header',
    '1 refcountTable: header > refcount table',
    '2 refcountBlock: header > refcount table[0]',
    '3 activeL1: header > L1 table',
    '4 inactiveL2: header > snapshot before > L1[0] @0 copied',
    '5 guestData: header > L1[0] > L2[0] @0',
    '5 guestData: header > snapshot before > L1[0] > L2[0] @0',
    '6 inactiveL1: header > snapshot before > L1 table',
    '7 snapshotTable: header > snapshot table',
    '8 activeL2: header > L1[0] @0 copied',
    '9 guestData: header > L1[0] > L2[1] @1 copied',
    '10 activeL2: header > L1[1] @8192 copied',
    '11 compressedData: header > L1[1] > L2[0] @8192',
    '12 bitmapTable: header > bitmap directory > bitmap day',
    '13 bitmapDirectory: header > bitmap directory',
  ])
  const shared = await owners.report(5)
  expect([shared.storedRefcount, shared.computedRefcount]).toEqual([2n, 2])
  expect((await owners.report(4)).flags).toBe(RunFlag.inactiveOnly)
  expect((await owners.report(10 ** 9)).flags).toBe(RunFlag.pastEnd)
})

test.concurrent.each(SOUND_PLANS.filter(({ options }) => !options?.includes('cluster_size=512')))(
  'every cluster of a sound image is reported as the runs and refcounts have it: $name',
  async plan => {
    const image = await openImage(diskOfFile(await folder.make(plan)))
    const { runs, refcounts, report } = await buildOwnerMap(image)
    const wrong: unknown[] = []
    for (let cluster = 0; cluster < runs.end; cluster++) {
      const { owner, storedRefcount, computedRefcount, claims } = await report(cluster)
      const run = runs.start.findLastIndex(start => start <= cluster)
      const told = Math.min(computedRefcount, MAX_REPORTED_CLAIMS)
      if (owner !== runs.owner[run] || storedRefcount !== BigInt(computedRefcount) || claims.length !== told)
        wrong.push({ cluster, owner, storedRefcount, computedRefcount, claims })
      const bucket = refcounts.bucket[refcounts.start.findLastIndex(start => start <= cluster)]
      const stored = refcountBucket(Number(storedRefcount), image.header.refcountOrder)
      // A refcount for which there is no block is 0 all the same.
      const isTold = bucket === RefcountBucket.noBlock ? stored === RefcountBucket.zero : bucket === stored
      if (!isTold && cluster < image.fileClusters) wrong.push({ cluster, storedRefcount, bucket })
    }
    expect(wrong).toEqual([])
  },
)

/** The fields of a version 3 header that hostile images set; everything else is as QEMU writes it. */
interface HostileHeader {
  readonly clusterBits?: number
  readonly size?: bigint
  readonly l1Size?: number
  readonly l1Offset?: bigint
  readonly tableOffset?: bigint
  readonly tableClusters?: number
  readonly snapshots?: number
  readonly snapshotsOffset?: bigint
  readonly order?: number
}

function headerBytes(fields: HostileHeader): Uint8Array {
  const view = new DataView(new ArrayBuffer(112))
  view.setUint32(0, 0x514649fb)
  view.setUint32(4, 3)
  view.setUint32(20, fields.clusterBits ?? 16)
  view.setBigUint64(24, fields.size ?? 0n)
  view.setUint32(36, fields.l1Size ?? 0)
  view.setBigUint64(40, fields.l1Offset ?? 0x30000n)
  view.setBigUint64(48, fields.tableOffset ?? 0x10000n)
  view.setUint32(56, fields.tableClusters ?? 1)
  view.setUint32(60, fields.snapshots ?? 0)
  view.setBigUint64(64, fields.snapshotsOffset ?? 0n)
  view.setUint32(96, fields.order ?? 4)
  view.setUint32(100, 112)
  return new Uint8Array(view.buffer)
}

/** A table whose entries are all the same, or made by index. */
function table(offset: number, entries: number, entry: (index: number) => bigint): Extent {
  const view = new DataView(new ArrayBuffer(8 * entries))
  for (let i = 0; i < entries; i++) view.setBigUint64(8 * i, entry(i))
  return { offset, bytes: new Uint8Array(view.buffer) }
}

const MIB = 2 ** 20
const COPIED = 1n << 63n
const open = (size: number, header: HostileHeader, extents: readonly Extent[]) =>
  openImage(new SparseSource(size, [{ offset: 0, bytes: headerBytes(header) }, ...extents]))

test('32 MiB of L1 that all name one L2 table, whose entries all name one cluster', async () => {
  const image = await open(64 * MIB, { l1Size: 4 * MIB, l1Offset: 0x100000n, size: 1n << 40n }, [
    table(0x10000, 1, () => 0x20000n),
    table(0x100000, 4 * MIB, () => 0x40000n | COPIED),
    table(0x40000, 8192, () => 0x50000n | COPIED),
  ])
  const owners = await buildOwnerMap(image)
  const table4 = await owners.report(4)
  expect(table4.computedRefcount).toBe(4 * MIB)
  expect(table4.claims.length).toBe(MAX_REPORTED_CLAIMS)
  const data = await owners.report(5)
  expect(data.computedRefcount).toBe(4 * MIB * 8192)
  expect(data.flags & RunFlag.claimedTwice).toBe(RunFlag.claimedTwice)
  expect(owners.problems.length).toBe(MAX_PROBLEMS)
})

test('an L2 table that maps itself, the L1 table and the header', async () => {
  const image = await open(MIB, { l1Size: 2, size: 1n << 30n }, [
    table(0x30000, 2, i => [0x40000n, 0x30000n][i]! | COPIED),
    table(0x40000, 3, i => [0x40000n, 0x30000n, 0n][i]! | COPIED),
  ])
  const owners = await buildOwnerMap(image)
  expect((await owners.report(4)).claims.map(({ owner }) => owner).sort((a, b) => a - b)).toEqual([
    Owner.guestData,
    Owner.guestData,
    Owner.activeL2,
  ])
  expect((await owners.report(3)).owner).toBe(Owner.activeL1)
})

test('all offsets as far away as they go', async () => {
  const image = await open(MIB, { l1Size: 2, size: 1n << 30n, tableClusters: 2 }, [
    table(0x10000, 8192, () => 0xfffffffffff0000n << 4n),
    table(0x30000, 2, i => [0x40000n, 0x00ffffffffff0000n][i]!),
    table(0x40000, 8192, i => (i % 2 ? 0x00fffffffffffe00n : (1n << 62n) | 0x3fffffffffffffffn)),
  ])
  const { runs, corruptions, counts } = await buildOwnerMap(image)
  expect(corruptions).toBeGreaterThan(16384)
  expect(counts[Owner.header]).toBe(1)
  expect(runs.end).toBeLessThanOrEqual(2 ** 53)
})

test('the last cluster that an entry can name is told of like any other', async () => {
  const last = 2 ** 47 - 1
  const compressed = (1n << 62n) | (((1n << 61n) - 1n) & ~0xfffn)
  const image = await open(MIB, { clusterBits: 9, l1Size: 1, size: 1n << 15n }, [
    table(0x30000, 1, () => 0x40000n | COPIED),
    table(0x40000, 64, i => (i === 5 || i === 9 ? 0x00fffffffffffe00n : i === 7 ? compressed : 0n)),
  ])
  const owners = await buildOwnerMap(image)
  const { claims, computedRefcount } = await owners.report(last)
  expect(claims.map(({ path, guestOffset }) => [path.join(' > '), guestOffset])).toEqual([
    ['header > L1[0] > L2[5]', 5n * 512n],
    ['header > L1[0] > L2[9]', 9n * 512n],
  ])
  // QEMU counts nothing that lies past the end of the file.
  expect(computedRefcount).toBe(0)
  expect((await owners.report(last - 1)).claims).toEqual([])
  expect((await owners.report(last + 1)).claims).toEqual([])
  const far = compressedExtent(compressed, 9).offset / 512n
  expect((await owners.report(Number(far))).claims.map(({ path }) => path.at(-1))).toEqual(['L2[7]'])
})

test('a refcount table of 8 MiB whose entries all name one block', async () => {
  const image = await open(16 * MIB, { tableClusters: 128, tableOffset: 0x100000n }, [
    table(0x100000, MIB, () => 0x20000n),
    table(0x20000, 8192, () => 0x0001000100010001n),
  ])
  const owners = await buildOwnerMap(image)
  expect((await owners.report(2)).computedRefcount).toBe(MIB)
  expect(owners.leaks).toBe(256 - 1 - 1 - 128)
})

test('a file of a petabyte with nothing in it costs nothing', async () => {
  const image = await open(2 ** 50, { clusterBits: 9, order: 0, tableClusters: 16384 }, [])
  const { runs, check } = await buildOwnerMap(image)
  expect(runs.end).toBe(2 ** 41)
  expect(check.checkErrors).toBe(0)
})

test('65536 snapshots that share a 32 MiB L1 table are refused before they fill the memory', async () => {
  const entry = new DataView(new ArrayBuffer(56))
  entry.setBigUint64(0, 0x1000000n)
  entry.setUint32(8, 4 * MIB)
  entry.setUint32(36, 16)
  const entries = new Uint8Array(65536 * 56)
  for (let i = 0; i < 65536; i++) entries.set(new Uint8Array(entry.buffer), 56 * i)
  const image = await open(128 * MIB, { snapshots: 65536, snapshotsOffset: 0x200000n }, [
    { offset: 0x200000, bytes: entries },
    table(0x1000000, 4 * MIB, i => BigInt(i % 1024) * 65536n),
  ])
  await expect(buildOwnerMap(image)).rejects.toThrow(/refer to more than \d+ L2 tables/)
})

test('tables without end are refused', () => {
  const budget = new WorkBudget()
  budget.spend(MAX_TABLE_BYTES)
  expect(() => budget.spend(1)).toThrow(/tables are longer than/)
})

test('can be cancelled, and tells how far it is', async () => {
  const image = await openImage(
    diskOfFile(await folder.make({ name: 'cancel', size: '8M', steps: ['write 0 1M'] })),
  )
  const told: number[] = []
  await buildOwnerMap(image, { onProgress: (done, total) => void told.push(done / total) })
  expect(told[0]).toBe(0)
  expect(told.at(-1)).toBe(1)
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  const signal = { aborted: false }
  const stopped = buildOwnerMap(image, { signal, onProgress: () => void (signal.aborted = true) })
  await expect(stopped).rejects.toThrow(Cancelled)
})
