import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { SparseSource } from '../disk/sparse-source.ts'
import { makeBaseImages } from '../testing/base-images.ts'
import {
  array,
  assert,
  asyncProperty,
  bigInt,
  constantFrom,
  integer,
  option,
  record,
  string,
  uint8Array,
} from 'fast-check'
import { backingFormatExtension, encodeHeader, encodeSnapshotTable, featureNameTable } from './encode.ts'
import type { Header } from './image.ts'
import { openImage } from './open-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'overlapscope-encode-'))
const bases = await makeBaseImages(folder)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const HEADER: Header = {
  version: 3,
  backingFileOffset: 0n,
  backingFileSize: 0,
  clusterBits: 16,
  size: 0n,
  cryptMethod: 0,
  l1Size: 0,
  l1TableOffset: 0n,
  refcountTableOffset: 65536n,
  refcountTableClusters: 1,
  nbSnapshots: 0,
  snapshotsOffset: 0n,
  incompatibleFeatures: 0n,
  compatibleFeatures: 0n,
  autoclearFeatures: 0n,
  refcountOrder: 4,
  headerLength: 112,
  compressionType: 0,
}

describe('what QEMU wrote', () => {
  test.each(Object.entries(bases))('header of %s is written as QEMU wrote it', async (_name, path) => {
    const bytes = readFileSync(path)
    const image = await openImage(new MemorySource(bytes))
    const encoded = encodeHeader(image.header, image.extensions, image.backingFile)
    expect(Buffer.compare(encoded, bytes.subarray(0, image.clusterSize))).toBe(0)
  })

  test.each(Object.entries(bases))('snapshots of %s are written as QEMU wrote them', async (_name, path) => {
    const bytes = readFileSync(path)
    const { header, snapshots, snapshotTableLength } = await openImage(new MemorySource(bytes))
    const start = Number(header.snapshotsOffset)
    const written = bytes.subarray(start, start + snapshotTableLength)
    expect(Buffer.compare(encodeSnapshotTable(snapshots, header.size), written)).toBe(0)
  })

  test('the feature names of a fresh image', async () => {
    const image = await openImage(new MemorySource(readFileSync(bases.plain)))
    expect(featureNameTable()).toEqual({ magic: 0x6803f857, data: image.extensions[0]?.data })
  })
})

const u64 = bigInt({ min: 0n, max: 2n ** 64n - 1n })
const u32 = integer({ min: 0, max: 0xffffffff })
/** C strings end at their first zero byte. */
const text = string({ unit: 'grapheme', maxLength: 50 }).filter(s => !s.includes('\0'))

test('snapshots are read back as they were written', async () => {
  const snapshot = record({
    id: text,
    name: text,
    l1TableOffset: u64,
    l1Size: u32,
    dateSeconds: u32,
    dateNanoseconds: u32,
    vmClockNanoseconds: u64,
    vmStateSize: u64,
    diskSize: u64,
    // All ones mean that there is none.
    icount: option(bigInt({ min: 0n, max: 2n ** 64n - 2n }), { nil: undefined }),
    unknownExtraData: uint8Array({ maxLength: 100 }),
  })
  await assert(
    asyncProperty(array(snapshot, { maxLength: 6 }), async snapshots => {
      const table = encodeSnapshotTable(snapshots, 0n)
      const header = { ...HEADER, nbSnapshots: snapshots.length, snapshotsOffset: 131072n }
      const disk = new SparseSource(200_000, [
        { offset: 0, bytes: encodeHeader(header, []) },
        { offset: 131072, bytes: table },
      ])
      const image = await openImage(disk)
      expect(image.snapshotTableLength).toBe(table.length)
      expect(image.snapshots).toMatchObject(snapshots)
    }),
    { numRuns: 100 },
  )
})

test('extensions and the backing file are read back as they were written', async () => {
  const extension = record({ magic: integer({ min: 0x70000000, max: 0x7fffffff }), data: uint8Array() })
  await assert(
    asyncProperty(
      array(extension, { maxLength: 8 }),
      option(text, { nil: undefined }),
      constantFrom<(2 | 3)[]>(2, 3),
      async (extensions, backingFile, version) => {
        const all = [backingFormatExtension('qcow2'), ...extensions]
        const image = await openImage(
          new MemorySource(encodeHeader({ ...HEADER, version }, all, backingFile)),
        )
        expect(image.extensions).toMatchObject(all)
        expect(image).toMatchObject({ backingFormat: 'qcow2', backingFile })
        expect(image.header.version).toBe(version)
      },
    ),
  )
})

test('a header that does not fit into a cluster is refused, with what to do', () => {
  const header = { ...HEADER, clusterBits: 9 }
  expect(encodeHeader(header, [featureNameTable()])).toHaveLength(512)
  expect(() => encodeHeader(header, [featureNameTable()], 'x')).toThrow(
    expect.objectContaining({
      message: 'The header needs 513 bytes, and a cluster has only 512',
      advice: expect.stringContaining('larger clusters'),
    }),
  )
})
