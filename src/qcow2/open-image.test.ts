import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, asyncProperty, constantFrom, integer, oneof, tuple } from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { ByteSource } from '../disk/byte-source.ts'
import { MemorySource } from '../disk/memory-source.ts'
import { NodeFileSource } from '../disk/node-file.ts'
import { SparseSource } from '../disk/sparse-source.ts'
import { Cancelled } from '../lib/cancel.ts'
import { UserError } from '../lib/user-error.ts'
import { type BaseName, makeBaseImages } from '../testing/base-images.ts'
import { mustRun } from '../testing/qemu.ts'
import { openImage } from './open-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'overlapscope-open-'))
const paths = await makeBaseImages(folder)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bytesOf = (name: BaseName): Buffer => readFileSync(paths[name])

function patched(name: BaseName, patch: (bytes: Buffer) => void): ByteSource {
  const bytes = bytesOf(name)
  patch(bytes)
  return new MemorySource(bytes)
}

describe('what an image says of itself', () => {
  test('snapshot', async () => {
    const { snapshots, snapshotTableLength, header } = await openImage(new MemorySource(bytesOf('plain')))
    expect(snapshots).toMatchObject([
      { id: '1', name: 's1', vmStateSize: 0n, diskSize: 16777216n, entryOffset: header.snapshotsOffset },
    ])
    expect(snapshotTableLength).toBe(40 + 24 + 1 + 2)
  })

  test('snapshot without extra data', async () => {
    const disk = patched('plain', bytes => {
      const entry = Number(bytes.readBigUInt64BE(64))
      bytes.writeUInt32BE(77, entry + 32)
      bytes.writeUInt32BE(0, entry + 36)
    })
    const [snapshot] = (await openImage(disk)).snapshots
    expect(snapshot).toMatchObject({ vmStateSize: 77n, diskSize: undefined, icount: undefined })
  })

  test('bitmaps', async () => {
    const { bitmapDirectory } = await openImage(new MemorySource(bytesOf('bitmaps')))
    expect(bitmapDirectory).toMatchObject({
      consistent: true,
      size: 64,
      bitmaps: [
        { name: 'b1', tableSize: 1, granularityBits: 16, flags: 2 },
        { name: 'second', tableSize: 1, granularityBits: 16, flags: 2 },
      ],
    })
  })

  test('stale bitmaps are shown, and told', async () => {
    const image = await openImage(patched('bitmaps', bytes => bytes.writeBigUInt64BE(0n, 88)))
    expect(image.bitmapDirectory).toMatchObject({ consistent: false, bitmaps: [{ name: 'b1' }, {}] })
    expect(image.problems).toHaveLength(1)
  })

  test('backing file and data file are named', async () => {
    const backing = await openImage(new MemorySource(bytesOf('backing')))
    expect(backing).toMatchObject({ backingFile: join(folder, 'backing.raw'), backingFormat: 'raw' })
    const data = await openImage(new MemorySource(bytesOf('dataFile')))
    expect(data).toMatchObject({ externalDataFile: join(folder, 'data.raw') })
  })

  test('a size that is not of whole sectors is rounded down', async () => {
    const image = await openImage(patched('plain', bytes => bytes.writeBigUInt64BE(16777215n, 24)))
    expect(image.header.size).toBe(16776704n)
  })
})

describe('where the fault is', () => {
  test.each<[string, BaseName, number, (bytes: Buffer) => void]>([
    ['cluster bits', 'plain', 20, bytes => bytes.writeUInt32BE(22, 20)],
    ['L1 offset', 'plain', 40, bytes => bytes.writeBigUInt64BE(1n, 40)],
    ['refcount table size', 'plain', 56, bytes => bytes.writeUInt32BE(129, 56)],
    ['extension', 'plain', 112, bytes => bytes.writeUInt32BE(0xffffff, 116)],
    ['backing file name', 'backing', 16, bytes => bytes.writeUInt32BE(1024, 16)],
  ])('%s', async (_name, base, offset, patch) => {
    await expect(openImage(patched(base, patch))).rejects.toMatchObject({ offset: BigInt(offset) })
  })

  test('an entry of the snapshot table', async () => {
    const entry = Number(bytesOf('plain').readBigUInt64BE(64))
    const disk = patched('plain', bytes => bytes.writeUInt32BE(2000, entry + 36))
    await expect(openImage(disk)).rejects.toMatchObject({
      offset: BigInt(entry + 36),
      advice: expect.stringContaining('qemu-img check -r all'),
    })
  })
})

describe('hooks', () => {
  test('progress names what is read', async () => {
    const phases = new Set<string>()
    await openImage(new MemorySource(bytesOf('plain')), { onProgress: phase => phases.add(phase) })
    expect([...phases]).toEqual([
      'Reading the header',
      'Reading the L1 table',
      'Reading the refcount table',
      'Reading the snapshot table',
      'Reading bitmaps',
    ])
  })

  test('a cancelled opening ends', async () => {
    const signal = { aborted: false }
    const onProgress = (phase: string): void => {
      signal.aborted = phase === 'Reading the refcount table'
    }
    const opening = openImage(new MemorySource(bytesOf('plain')), { signal, onProgress })
    await expect(opening).rejects.toThrow(Cancelled)
  })
})

describe('size does not matter', () => {
  test('a sparse file of 64 GiB is opened by a few units', async () => {
    const path = join(folder, 'large.qcow2')
    await mustRun('qemu-img', ['create', '-q', '-f', 'qcow2', path, '1T'])
    truncateSync(path, 64 * 2 ** 30)
    const disk = await NodeFileSource.open(path)
    const image = await openImage(disk)
    expect(image.fileClusters).toBe(2 ** 20)
    expect(disk.bytesRead).toBeLessThanOrEqual(2 * 2 ** 20)
    await disk.close()
  })

  test('tables of the largest sizes, where there is nothing, cost their own size', async () => {
    const header = bytesOf('plain').subarray(0, 65536)
    header.writeUInt32BE(4194304, 36)
    header.writeBigUInt64BE(1n << 62n, 40)
    header.writeUInt32BE(128, 56)
    header.writeBigUInt64BE(1n << 61n, 48)
    header.writeUInt32BE(65536, 60)
    header.writeBigUInt64BE(1n << 60n, 64)
    const image = await openImage(new SparseSource(2 ** 52, [{ offset: 0, bytes: header }]))
    expect(image.l1Table.byteLength).toBe(32 * 2 ** 20)
    expect(image.refcountTable.byteLength).toBe(8 * 2 ** 20)
    expect(image.snapshots).toHaveLength(65536)
  })

  test('bitmaps that share one large table are not all followed', async () => {
    const bytes = Buffer.alloc(2 ** 20)
    bytes.set(bytesOf('small').subarray(0, 112))
    const count = 200
    bytes.writeBigUInt64BE(1n, 88)
    bytes.writeUInt32BE(0x23852875, 112)
    bytes.writeUInt32BE(24, 116)
    bytes.writeUInt32BE(count, 120)
    bytes.writeBigUInt64BE(BigInt(count * 32), 128)
    bytes.writeBigUInt64BE(65536n, 136)
    bytes.writeBigUInt64BE(0n, 144)
    // The largest disk for clusters of 512 bytes; at the finest granularity its bitmap's table has 512 KiB.
    bytes.writeBigUInt64BE(1n << 37n, 24)
    bytes.writeUInt32BE(4194304, 36)
    bytes.writeUInt32BE(0, 60)
    for (let index = 0; index < count; index++) {
      const entry = 65536 + index * 32
      bytes.writeBigUInt64BE(131072n, entry)
      bytes.writeUInt32BE(65536, entry + 8)
      bytes.writeUInt8(1, entry + 16)
      bytes.writeUInt8(9, entry + 17)
      bytes.writeUInt16BE(3, entry + 18)
      bytes.write(index.toString().padStart(3, '0'), entry + 24)
    }
    await expect(openImage(new MemorySource(bytes))).resolves.toMatchObject({
      problems: [{ message: expect.stringContaining("from bitmap '128' on were not checked") }],
    })
  })
})

const around = (start: number, length: number): number[] =>
  Array.from({ length }, (_, index) => start + index)

/** Bytes that matter: the header, extensions, snapshot table, bitmap directory and bitmap tables. */
function places(bytes: Buffer): number[] {
  const directory = bytes.readUInt32BE(4) === 3 && bytes.readBigUInt64BE(88) === 1n
  const extension = bytes.indexOf(Buffer.of(0x23, 0x85, 0x28, 0x75))
  const start = directory ? Number(bytes.readBigUInt64BE(extension + 24)) : 0
  return [
    ...around(0, 160),
    ...(bytes.readUInt32BE(60) > 0 ? around(Number(bytes.readBigUInt64BE(64)), 72) : []),
    ...(directory ? [...around(extension, 32), ...around(start, 64)] : []),
    ...(directory ? around(Number(bytes.readBigUInt64BE(start)), 8) : []),
  ].filter(offset => offset < bytes.length)
}

describe('whatever is in the file', () => {
  test.each(['plain', 'v2', 'small', 'extended', 'zstd', 'bitmaps', 'backing', 'aes', 'dataFile'] as const)(
    '%s with bytes changed opens, or is refused with a reason and a place',
    async name => {
      const original = bytesOf(name)
      const change = tuple(
        constantFrom(...places(original)),
        oneof(constantFrom(0, 1, 0x7f, 0x80, 0xff), integer({ min: 0, max: 255 })),
      )
      await assert(
        asyncProperty(array(change, { minLength: 1, maxLength: 4 }), async changes => {
          const bytes = Buffer.from(original)
          for (const [offset, value] of changes) bytes[offset] = value
          const opening = openImage(new MemorySource(bytes))
          const outcome = await opening.then(
            image => typeof image.header.size,
            error => (error instanceof UserError ? typeof error.offset : String(error)),
          )
          expect(outcome).toBe('bigint')
        }),
        { numRuns: 400 },
      )
    },
  )
})
