import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { BlobSyncSource } from './blob-sync-source.ts'
import { CachedSyncSource } from './cached-sync-source.ts'
import { DiskError } from './disk-error.ts'
import { MemorySource } from './memory-source.ts'
import { NodeSyncFile } from './node-sync-file.ts'
import type { SyncSource } from './sync-source.ts'

const BYTES = Uint8Array.from({ length: 600_000 }, (_, i) => (i * 7 + (i >> 8)) & 255)
const folder = mkdtempSync(join(tmpdir(), 'overlapscope-'))
const path = join(folder, 'file')
writeFileSync(path, BYTES)
const file = NodeSyncFile.open(path)
afterAll(() => {
  file.close()
  rmSync(folder, { recursive: true })
})

/** A FileReaderSync over slices that are arrays. */
const slices = { size: BYTES.length, slice: (start: number, end: number) => BYTES.slice(start, end) }
const reader = { readAsArrayBuffer: (slice: Uint8Array<ArrayBuffer>) => slice.buffer }

const sources: [string, SyncSource][] = [
  ['memory', new MemorySource(BYTES)],
  ['a file', file],
  ['a blob', new BlobSyncSource(slices, reader)],
]

describe.each(sources)('%s', (_, source) => {
  it.each([
    [0, 10],
    [262_140, 10],
    [100, 590_000],
    [599_990, 10],
    [599_990, 100],
    [700_000, 5],
  ])('reads %i + %i, with zeros past the end', (offset, length) => {
    const expected = new Uint8Array(length)
    expected.set(BYTES.subarray(offset, offset + length))
    expect(Buffer.compare(source.readSync(offset, length), expected)).toBe(0)
    expect(source.size).toBe(BYTES.length)
  })
})

it('fetches a unit once, and forgets the one used longest ago', () => {
  const fetched: number[] = []
  const unit = 2 ** 18
  const source = new CachedSyncSource(unit * 1000, (offset, length) => {
    fetched.push(offset / unit)
    return new Uint8Array(length)
  })
  for (let i = 0; i < 256; i++) source.readSync(i * unit, 1)
  source.readSync(0, 100)
  expect(fetched).toHaveLength(256)
  source.readSync(256 * unit, 1)
  source.readSync(0, 1)
  source.readSync(unit, 1)
  expect(fetched.slice(256)).toEqual([256, 1])
})

it('tells what went wrong with the file', () => {
  expect(() => NodeSyncFile.open(join(folder, 'nothing'))).toThrow(/nothing: no such file or directory/)
  expect(() => NodeSyncFile.open(folder)).toThrow(DiskError)
  const gone = new BlobSyncSource(slices, {
    readAsArrayBuffer: (): ArrayBuffer => {
      throw new Error('it is gone')
    },
  })
  expect(() => gone.readSync(0, 1)).toThrow('The file could not be read: it is gone')
  const shorter = new BlobSyncSource(slices, { readAsArrayBuffer: () => new ArrayBuffer(3) })
  expect(() => shorter.readSync(0, 1)).toThrow('The file ended early: 3 of 262144 bytes were there')
})
