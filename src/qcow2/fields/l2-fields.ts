/** Entries of an L2 table: standard, compressed, zero, and with subclusters. */
import {
  clusterType,
  COMPRESSED_FLAG,
  compressedExtent,
  COPIED_FLAG,
  isCopied,
  l2EntryOffset,
  subclusterBitmap,
  ZERO_FLAG,
} from '../entries.ts'
import { L2_OFFSET_MASK, type Qcow2Image } from '../image.ts'
import { hasDataFile, hasExtendedL2, l2Entries } from '../l2-cursor.ts'
import type { HostOffset } from '../../lib/units.ts'
import { viewOf } from '../read-at.ts'
import type { EntryReader } from './entry-table.ts'
import { bytesText, extras, hex, problemText } from './field.ts'
import type { Said } from './field-list.ts'
import { clusterPointerProblem } from './pointer.ts'
import { foldedEntries, pointerEntries } from './pointer-table.ts'

const RESERVED = ~(L2_OFFSET_MASK | COPIED_FLAG | COMPRESSED_FLAG | ZERO_FLAG)
const SUBCLUSTERS = 32

/** @param guestStart guest offset of the table's first entry; undefined where it is not known */
export function l2Entry(
  entry: bigint,
  index: number,
  image: Qcow2Image,
  guestStart: bigint | undefined,
): Said {
  const guest =
    guestStart === undefined ? '' : `; guest ${hex(guestStart + BigInt(index) * BigInt(image.clusterSize))}`
  const said = sayEntry(entry, image)
  return { ...said, meaning: said.meaning + guest }
}

function sayEntry(entry: bigint, image: Qcow2Image): Said {
  const { clusterBits, version } = image.header
  const extendedL2 = hasExtendedL2(image)
  const externalDataFile = hasDataFile(image)
  const type = clusterType(entry, { clusterBits, extendedL2, externalDataFile })
  if (type === 'compressed') return sayCompressed(entry, image)
  const offset = l2EntryOffset(entry)
  const copied = isCopied(entry) ? ', COPIED' : ''
  const wrong = [
    ((entry & RESERVED) !== 0n || (extendedL2 && (entry & ZERO_FLAG) !== 0n)) && 'reserved bits are set',
    type.startsWith('zero') && version < 3 && 'the zero flag is not known before version 3',
  ]
  if (externalDataFile) {
    const place = type === 'unallocated' || type === 'zero-plain' ? '' : ` at ${hex(offset)} of the data file`
    return { meaning: `${WORDS[type]}${place}${copied}`, ...extras(undefined, problemText(wrong)) }
  }
  const place = offset === 0n ? '' : ` at ${hex(offset)}`
  const problem = clusterPointerProblem(offset, image, wrong)
  // Its subclusters may be zeros all the same.
  const words = extendedL2 && type === 'unallocated' ? 'no cluster' : WORDS[type]
  return {
    meaning: `${words}${place}${copied}`,
    ...extras(offset === 0n ? undefined : offset, problem),
  }
}

const WORDS = {
  unallocated: 'not allocated',
  'zero-plain': 'reads as zeros, no cluster',
  'zero-alloc': 'reads as zeros, cluster kept',
  normal: 'data',
} as const

function sayCompressed(entry: bigint, image: Qcow2Image): Said {
  const { offset, length } = compressedExtent(entry, image.header.clusterBits)
  const problem = problemText([
    isCopied(entry) && 'COPIED must never be set for compressed clusters',
    hasDataFile(image) && 'there are no compressed clusters in a data file',
    offset >= BigInt(image.disk.size) && 'past the end of the file',
  ])
  return { meaning: `compressed, at ${hex(offset)}, up to ${bytesText(length)}`, ...extras(offset, problem) }
}

/** @param guestStart see l2Entry */
export function l2Table(
  image: Qcow2Image,
  bytes: Uint8Array,
  start: HostOffset,
  guestStart: bigint | undefined,
): EntryReader {
  const count = l2Entries(image)
  const say = (entry: bigint, index: number) => l2Entry(entry, index, image, guestStart)
  const table = { name: 'L2', first: 0, count, say, sayEmpty: () => 'not allocated' }
  if (!hasExtendedL2(image)) return pointerEntries(table, bytes, start)
  const view = viewOf(bytes)
  const isZero = (entry: number) =>
    view.getBigUint64(16 * entry) === 0n && view.getBigUint64(16 * entry + 8) === 0n
  return {
    bits: 128,
    count,
    parts: 2,
    joins: entry => isZero(entry) && isZero(entry - 1),
    fields(entry) {
      const offset = start + BigInt(16 * entry)
      const raw = view.getBigUint64(16 * entry)
      const word = view.getBigUint64(16 * entry + 8)
      return [
        { offset, length: 8, name: `L2[${entry}]`, raw, ...say(raw, entry) },
        {
          offset: offset + 8n,
          length: 8,
          name: `L2[${entry}] subclusters`,
          raw: word,
          ...saySubclusters(word, raw),
        },
      ]
    },
    folded: (from, to) => foldedEntries(table, from, to, start, 16),
  }
}

function saySubclusters(word: bigint, entry: bigint): Said {
  if ((entry & COMPRESSED_FLAG) !== 0n)
    return {
      meaning: 'not used for a compressed cluster',
      ...extras(undefined, problemText([word !== 0n && 'reserved bits are set'])),
    }
  const { allocated, zero } = subclusterBitmap(word)
  const both = allocated & zero
  const parts = [
    allocated !== 0 && `data in ${ranges(allocated)}`,
    zero !== 0 && `zeros in ${ranges(zero)}`,
  ].filter(Boolean)
  const meaning = parts.length === 0 ? 'none allocated' : parts.join(', ')
  return {
    meaning,
    ...extras(
      undefined,
      problemText([
        both !== 0 && `both in ${ranges(both)}`,
        allocated !== 0 && l2EntryOffset(entry) === 0n && 'data without a cluster',
      ]),
    ),
  }
}

/** "0 to 3, 7" */
function ranges(mask: number): string {
  const parts: string[] = []
  for (let bit = 0; bit < SUBCLUSTERS; bit++) {
    if (((mask >>> bit) & 1) === 0) continue
    const first = bit
    while (bit + 1 < SUBCLUSTERS && (mask >>> (bit + 1)) & 1) bit++
    parts.push(first === bit ? `${first}` : `${first} to ${bit}`)
  }
  return parts.join(', ')
}
