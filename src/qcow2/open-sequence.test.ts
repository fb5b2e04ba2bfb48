import { expect, test } from 'vitest'
import type { Header, Qcow2Image, Snapshot } from './image.ts'
import { openSequence } from './open-sequence.ts'

const table = (entries: readonly bigint[]): DataView => {
  const view = new DataView(new ArrayBuffer(8 * entries.length))
  for (const [i, entry] of entries.entries()) view.setBigUint64(8 * i, entry)
  return view
}

/** An image of 64 KiB clusters of which only the tables matter; `file` is its bytes from offset 0. */
function imageOf(parts: {
  clusterBits?: number
  l1?: readonly bigint[]
  refcountTable?: readonly bigint[]
  snapshots?: readonly Partial<Snapshot>[]
  file?: Uint8Array
}): Qcow2Image {
  const file = parts.file ?? new Uint8Array(0)
  const clusterBits = parts.clusterBits ?? 16
  const snapshots = (parts.snapshots ?? []) as readonly Snapshot[]
  return {
    disk: {
      size: file.length,
      read: async (offset: number, length: number) => {
        const bytes = new Uint8Array(length)
        bytes.set(file.subarray(offset, offset + length))
        return bytes
      },
    },
    clusterSize: 1 << clusterBits,
    header: {
      clusterBits,
      l1Size: parts.l1?.length ?? 0,
      l1TableOffset: 0x30000n,
      refcountTableOffset: 0x10000n,
      refcountTableClusters: 1,
      nbSnapshots: snapshots.length,
      snapshotsOffset: 0x50000n,
    } as Partial<Header> as Header,
    l1Table: table(parts.l1 ?? []),
    refcountTable: table(parts.refcountTable ?? []),
    snapshots,
  } as Partial<Qcow2Image> as Qcow2Image
}

async function lines(image: Qcow2Image): Promise<string[]> {
  const s = await openSequence(image)
  return Array.from({ length: s.count }, (_, i) =>
    [
      `${s.window[i]}:${s.index[i]}+${s.nbClusters[i]}`,
      s.types[i],
      s.aligned[i] ? 'aligned' : 'unaligned',
      s.tableIndex[i],
      s.snapshot[i],
    ].join(' '),
  )
}

test('enters in the order of the original', async () => {
  const file = new Uint8Array(0x60010)
  new DataView(file.buffer).setBigUint64(0x60008, 0x8000000000090000n)
  const image = imageOf({
    l1: [0x8000000000040000n, 0n, 0x10070000n],
    refcountTable: [0n, 0x20000n],
    snapshots: [{ l1TableOffset: 0x60000n, l1Size: 2 }],
    file,
  })
  expect(await lines(image)).toEqual([
    '0:0+1 1 aligned 0 -1',
    '0:1+1 8 aligned 0 -1',
    '0:5+1 32 aligned 0 -1',
    '0:3+1 2 aligned 0 -1',
    '0:4+1 4 aligned 0 -1',
    '1:7+1 4 aligned 2 -1',
    '0:2+1 16 aligned 1 -1',
    '0:6+1 64 aligned 0 0',
    '0:9+1 128 aligned 1 0',
  ])
})

test.each([9, 12, 16, 19, 20, 21])('splits every offset exactly (cluster bits %i)', async clusterBits => {
  const l1 = [0x00fffffffffffe00n, 0x0012345678abce00n, 0xfffffe00n, 0x100000000n, 0x200n].map(
    entry => entry | (1n << 63n),
  )
  const blocks = [0xfffffffffffffe00n, 0x8000000000000000n, 0x7ffffffffffffe00n]
  const s = await openSequence(imageOf({ clusterBits, l1, refcountTable: blocks }))
  const offsets = [...l1.map(entry => entry & ~(1n << 63n)), ...blocks]
  expect(s.count).toBe(3 + offsets.length)
  for (const [i, offset] of offsets.entries()) {
    const cluster = offset >> BigInt(clusterBits)
    expect(BigInt(s.window[3 + i]!) * 4096n + BigInt(s.index[3 + i]!)).toBe(cluster)
    expect(s.aligned[3 + i]).toBe(offset % (1n << BigInt(clusterBits)) === 0n ? 1 : 0)
  }
})

test('4 million L1 entries fit, and a snapshot table that lies past the end costs nothing', async () => {
  const l1Table = new DataView(new ArrayBuffer(32 << 20))
  for (let i = 0; i < 4 << 20; i++) l1Table.setUint32(8 * i + 4, 0x40000)
  const image = {
    ...imageOf({ snapshots: [{ l1TableOffset: 1n << 62n, l1Size: 0x2000000 }] }),
    l1Table,
  }
  const s = await openSequence(image)
  expect(s.count).toBe(5 + (4 << 20))
  expect(s.tableIndex[s.count - 2]).toBe((4 << 20) - 1)
  expect(s.nbClusters[s.count - 1]).toBe((0x2000000 * 8) / 65536)
})

test('leaves out a snapshot L1 table that the original skips', async () => {
  const image = imageOf({ snapshots: [{ l1TableOffset: 0n, l1Size: 0x2000001 }] })
  expect((await lines(image)).length).toBe(4)
})

test('counts the fixed part of snapshot entries only', async () => {
  const snapshots = Array.from({ length: 13 }, () => ({ l1TableOffset: 0n, l1Size: 0 }))
  const s = await openSequence(imageOf({ clusterBits: 9, snapshots }))
  expect(s.nbClusters[2]).toBe(2)
})
