/**
 * Everything that a qcow2 file says, as text lines, read without any of the code under test: two images with
 * the same dump are the same to QEMU. What time or an uninitialised byte decides is left out.
 */
import { createHash } from 'node:crypto'
import { constants, inflateRawSync } from 'node:zlib'

const OFFSET_MASK = 0x00fffffffffffe00n
const COMPRESSED = 1n << 62n

interface Geometry {
  readonly bytes: Buffer
  readonly clusterBits: number
  readonly clusterSize: number
  readonly extendedL2: boolean
}

/** Header fields of fixed length, as [name, offset, bytes]. */
const FIELDS = [
  ['version', 4, 4],
  ['cluster_bits', 20, 4],
  ['size', 24, 8],
  ['l1_size', 36, 4],
  ['l1_table_offset', 40, 8],
  ['refcount_table_offset', 48, 8],
  ['refcount_table_clusters', 56, 4],
  ['nb_snapshots', 60, 4],
  ['snapshots_offset', 64, 8],
] as const

const FIELDS_V3 = [
  ['incompatible_features', 72, 8],
  ['compatible_features', 80, 8],
  ['autoclear_features', 88, 8],
  ['refcount_order', 96, 4],
] as const

/** @param bytes the whole file; reads past its end give zeros, as in QEMU */
export function dumpImage(bytes: Buffer): string[] {
  const version = bytes.readUInt32BE(4)
  const clusterBits = bytes.readUInt32BE(20)
  const image: Geometry = {
    bytes,
    clusterBits,
    clusterSize: 2 ** clusterBits,
    extendedL2: version === 3 && (bytes.readBigUInt64BE(72) & 16n) !== 0n,
  }
  const lines = [...FIELDS, ...(version === 3 ? FIELDS_V3 : [])].map(
    ([name, offset, length]) => `${name} ${number(bytes, offset, length)}`,
  )
  lines.push(`file length ${bytes.length}`)
  const seen = new Set<bigint>()
  dumpL1(image, 'L1', bytes.readBigUInt64BE(40), bytes.readUInt32BE(36), seen, lines)
  dumpSnapshots(image, seen, lines)
  dumpRefcounts(image, version === 2 ? 4 : bytes.readUInt32BE(96), lines)
  return lines
}

/** Where the two dumps part: at most `most` lines of each. */
export function dumpDifference(real: readonly string[], ours: readonly string[], most = 12): string[] {
  const [inReal, inOurs] = [new Set(real), new Set(ours)]
  return [
    ...real
      .filter(line => !inOurs.has(line))
      .slice(0, most)
      .map(line => `QEMU: ${line}`),
    ...ours
      .filter(line => !inReal.has(line))
      .slice(0, most)
      .map(line => `ours: ${line}`),
  ]
}

const number = (bytes: Buffer, offset: number, length: 4 | 8): string =>
  `0x${(length === 4 ? BigInt(bytes.readUInt32BE(offset)) : bytes.readBigUInt64BE(offset)).toString(16)}`

function slice({ bytes }: Geometry, offset: bigint, length: number): Buffer {
  const part = Buffer.alloc(length)
  if (offset < BigInt(bytes.length)) bytes.copy(part, 0, Number(offset), Number(offset) + length)
  return part
}

const checksum = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex').slice(0, 12)

function dumpL1(
  image: Geometry,
  name: string,
  offset: bigint,
  size: number,
  seen: Set<bigint>,
  lines: string[],
): void {
  const table = slice(image, offset, size * 8)
  for (let i = 0; i < size; i++) {
    const entry = table.readBigUInt64BE(i * 8)
    if (entry === 0n) continue
    lines.push(`${name}[${i}] 0x${entry.toString(16)}`)
    const l2 = entry & OFFSET_MASK
    if (l2 === 0n || seen.has(l2)) continue
    seen.add(l2)
    dumpL2(image, l2, lines)
  }
}

function dumpL2(image: Geometry, offset: bigint, lines: string[]): void {
  const table = slice(image, offset, image.clusterSize)
  const entryBytes = image.extendedL2 ? 16 : 8
  const entries = new Set(Array.from(usedWords(table), word => Math.floor((word * 8) / entryBytes)))
  for (const index of entries) {
    const at = index * entryBytes
    const entry = table.readBigUInt64BE(at)
    const bitmap = image.extendedL2 ? table.readBigUInt64BE(at + 8) : undefined
    const extra = bitmap === undefined ? '' : ` bitmap 0x${bitmap.toString(16)}`
    lines.push(
      `L2@0x${offset.toString(16)}[${index}] 0x${entry.toString(16)}${extra} data ${dataChecksum(image, entry, bitmap)}`,
    )
  }
}

/** Of the bytes that the guest sees through an entry. */
function dataChecksum(image: Geometry, entry: bigint, bitmap: bigint | undefined): string {
  if ((entry & COMPRESSED) !== 0n) {
    const shift = BigInt(62 - (image.clusterBits - 8))
    const start = entry & ((1n << shift) - 1n)
    const sectors = Number((entry & (COMPRESSED - 1n)) >> shift) + 1
    return checksum(unpacked(slice(image, start, sectors * 512 - Number(start & 511n))))
  }
  const host = entry & OFFSET_MASK
  if (host === 0n || (bitmap === undefined && (entry & 1n) !== 0n)) return '-'
  const data = slice(image, host, image.clusterSize)
  if (bitmap !== undefined)
    for (let i = 0; i < 32; i++)
      if (((bitmap >> BigInt(i)) & 1n) === 0n)
        data.fill(0, (i * data.length) / 32, ((i + 1) * data.length) / 32)
  return checksum(data)
}

/**
 * The stream's data: what follows in its last sector belongs to somebody else, and may be anything. Where QEMU's
 * allocator has given its place to others too, there is no stream, and the bytes themselves are compared.
 */
function unpacked(bytes: Buffer): Buffer {
  try {
    return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return bytes
  }
}

function dumpSnapshots(image: Geometry, seen: Set<bigint>, lines: string[]): void {
  const { bytes } = image
  let at = Number(bytes.readBigUInt64BE(64))
  for (let i = 0; i < bytes.readUInt32BE(60); i++) {
    at = Math.ceil(at / 8) * 8
    const [offset, size] = [bytes.readBigUInt64BE(at), bytes.readUInt32BE(at + 8)]
    const [idLength, nameLength] = [bytes.readUInt16BE(at + 12), bytes.readUInt16BE(at + 14)]
    const extraLength = bytes.readUInt32BE(at + 36)
    const names = bytes.subarray(at + 40 + extraLength, at + 40 + extraLength + idLength + nameLength)
    lines.push(
      `snapshot ${i}: L1 0x${offset.toString(16)} x ${size}, id ${names.toString('utf8', 0, idLength)}, name ${names.toString('utf8', idLength)}, ` +
        `clock ${bytes.readBigUInt64BE(at + 24)}, state ${bytes.readUInt32BE(at + 32)}, extra ${bytes.toString('hex', at + 40, at + 40 + extraLength)}`,
    )
    dumpL1(image, `snapshot ${i} L1`, offset, size, seen, lines)
    at += 40 + extraLength + idLength + nameLength
  }
}

function dumpRefcounts(image: Geometry, order: number, lines: string[]): void {
  const { bytes, clusterSize } = image
  const table = slice(image, bytes.readBigUInt64BE(48), bytes.readUInt32BE(56) * clusterSize)
  const bits = 2 ** order
  const perBlock = (clusterSize * 8) / bits
  for (let i = 0; i < table.length / 8; i++) {
    const block = table.readBigUInt64BE(i * 8)
    if (block === 0n) continue
    lines.push(`refcount table[${i}] 0x${block.toString(16)}`)
    const counts = slice(image, block, clusterSize)
    for (const word of usedWords(counts))
      for (let at = (word * 64) / bits; at < ((word + 1) * 64) / bits; at++) {
        const count = refcountAt(counts, at, bits)
        if (count !== 0n) lines.push(`refcount of cluster ${i * perBlock + at}: ${count}`)
      }
  }
}

/** Indexes of the 64-bit words that are not zero: tables of large clusters are mostly empty. */
function* usedWords(table: Buffer): Generator<number> {
  const halves = new Uint32Array(table.buffer, table.byteOffset, table.length / 4)
  for (let word = 0; word < table.length / 8; word++)
    if (halves[2 * word] !== 0 || halves[2 * word + 1] !== 0) yield word
}

/** Widths below a byte fill it from its lowest bits up. */
function refcountAt(block: Buffer, at: number, bits: number): bigint {
  if (bits < 8) {
    const byte = block.readUInt8(Math.floor((at * bits) / 8))
    return BigInt((byte >> ((at * bits) % 8)) & (2 ** bits - 1))
  }
  const width = bits / 8
  return BigInt(`0x${block.toString('hex', at * width, (at + 1) * width)}`)
}
