import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { assert, integer, property } from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { UserError } from '../lib/user-error.ts'
import { mustRun } from '../testing/qemu.ts'
import { CompressionType, decompressCluster } from './compressed.ts'
import { compressedExtent, isCompressed, l1EntryOffset } from './entries.ts'
import { openImage } from './open-image.ts'

const folder = mkdtempSync(join(tmpdir(), 'overlapscope-compressed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Text, noise that hardly gets shorter, and long repeats, in turns; no zeros, which are not stored. */
const CONTENT = Buffer.alloc(2 ** 21)
for (let index = 0, noise = 1; index < CONTENT.length; index++) {
  noise = (Math.imul(noise, 1103515245) + 12345) >>> 0
  const kind = (index >> 15) % 3
  CONTENT[index] =
    kind === 0 ? 97 + ((noise >>> 16) % 5) : kind === 1 ? noise >>> 24 : 1 + ((index >> 12) % 255)
}

/** Everything that the active L1 table maps, taken apart by hand: the images have no other clusters. */
async function readCompressed(path: string): Promise<{ bytes: Buffer; clusters: number }> {
  const disk = new MemorySource(readFileSync(path))
  const { header, clusterSize, l1Table } = await openImage(disk)
  const bytes = Buffer.alloc(CONTENT.length)
  const perTable = clusterSize / 8
  let clusters = 0
  for (let guest = 0; guest < CONTENT.length / clusterSize; guest++) {
    const table = Number(l1EntryOffset(l1Table.getBigUint64(Math.floor(guest / perTable) * 8)))
    const at = await disk.read(table + (guest % perTable) * 8, 8)
    const entry = new DataView(at.buffer, at.byteOffset).getBigUint64(0)
    if (!isCompressed(entry)) {
      const start = Number(entry & 0x00fffffffffffe00n)
      bytes.set(await disk.read(start, clusterSize), guest * clusterSize)
      continue
    }
    clusters++
    const { offset, length } = compressedExtent(entry, header.clusterBits)
    const packed = await disk.read(Number(offset), length)
    bytes.set(decompressCluster(packed, header.compressionType, clusterSize), guest * clusterSize)
  }
  return { bytes, clusters }
}

describe('clusters that qemu-img compressed', () => {
  const raw = join(folder, 'content.raw')
  writeFileSync(raw, CONTENT)
  test.each(['zlib', 'zstd'].flatMap(type => ['512', '4k', '64k', '2M'].map(size => [type, size] as const)))(
    '%s in clusters of %s',
    async (type, size) => {
      const path = join(folder, `${type}-${size}.qcow2`)
      const options = `compression_type=${type},cluster_size=${size}`
      await mustRun('qemu-img', ['convert', '-c', '-f', 'raw', '-O', 'qcow2', '-o', options, raw, path])
      const { bytes, clusters } = await readCompressed(path)
      expect(clusters).toBeGreaterThan(0)
      expect(Buffer.compare(bytes, CONTENT)).toBe(0)
    },
  )
})

/** What `zstd` makes of 65536 bytes "A": a frame with one run-length block. */
const ZSTD_RUN = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 1, 0, 0x03, 0, 0x08, 0x41)

function outcome(bytes: Uint8Array, type: number): string {
  try {
    return String(decompressCluster(bytes, type, 65536).length)
  } catch (error) {
    return error instanceof UserError ? 'UserError' : String(error)
  }
}

describe('damaged clusters', () => {
  const packed = deflateRawSync(CONTENT.subarray(0, 65536), { windowBits: 12 })

  test('the streams they are made from are sound, whatever follows them', () => {
    const behind = Buffer.concat([packed, Buffer.alloc(300, 0xff)])
    const cluster = decompressCluster(behind, CompressionType.zlib, 65536)
    expect(Buffer.compare(cluster, CONTENT.subarray(0, 65536))).toBe(0)
    const run = Uint8Array.from([...ZSTD_RUN, 1, 2, 3])
    expect(decompressCluster(run, CompressionType.zstd, 65536)).toEqual(new Uint8Array(65536).fill(0x41))
  })

  test('of any length are refused when they give too little', () => {
    assert(
      property(integer({ min: 0, max: packed.length - 2 }), length => {
        const cut = packed.subarray(0, length)
        expect(() => decompressCluster(cut, CompressionType.zlib, 65536)).toThrow(UserError)
      }),
    )
    expect(() => decompressCluster(ZSTD_RUN.subarray(0, 10), CompressionType.zstd, 65536)).toThrow(UserError)
    expect(() => decompressCluster(ZSTD_RUN, CompressionType.zstd, 65537)).toThrow('65536 of 65537 bytes')
  })

  test('of any content throw nothing but a UserError', () => {
    const places = integer({ min: 0, max: packed.length - 1 })
    const changes = integer({ min: 1, max: 255 })
    assert(
      property(places, changes, integer({ min: 0, max: ZSTD_RUN.length - 1 }), (at, change, zstdAt) => {
        const deflate = Uint8Array.from(packed)
        deflate[at]! ^= change
        expect(['65536', 'UserError']).toContain(outcome(deflate, CompressionType.zlib))
        const zstd = Uint8Array.from([...ZSTD_RUN, ...packed.subarray(0, 50)])
        zstd[zstdAt]! ^= change
        expect(['65536', 'UserError']).toContain(outcome(zstd, CompressionType.zstd))
      }),
      { numRuns: 300 },
    )
  })

  test('cannot make zstd set aside gigabytes', () => {
    const window = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0xa0, 1, 0, 0)
    expect(() => decompressCluster(window, CompressionType.zstd, 65536)).toThrow('its window is too large')
    const size = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0x70, 1, 0, 0)
    expect(() => decompressCluster(size, CompressionType.zstd, 65536)).toThrow('its window is too large')
  })
})
