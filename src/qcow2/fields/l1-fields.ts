/** Entries of an L1 table, active or a snapshot's. */
import { isCopied, l1EntryOffset } from '../entries.ts'
import { L1_OFFSET_MASK, type Qcow2Image } from '../image.ts'
import { l2Entries } from '../l2-cursor.ts'
import { extras, hex } from './field.ts'
import { clusterPointerProblem } from './pointer.ts'
import type { PointerTable } from './pointer-table.ts'

const RESERVED = ~(L1_OFFSET_MASK | (1n << 63n))

/**
 * @param first index of the cluster's first entry
 * @param count entries in the cluster
 */
export function l1Table(image: Qcow2Image, first: number, count: number): PointerTable {
  const mapped = BigInt(l2Entries(image)) * BigInt(image.clusterSize)
  return {
    name: 'L1',
    first,
    count,
    say(entry, index) {
      const target = l1EntryOffset(entry)
      const guest = `maps guest ${hex(BigInt(index) * mapped)} on`
      const problem = clusterPointerProblem(target, image, [
        (entry & RESERVED) !== 0n && 'reserved bits are set',
      ])
      const table = target === 0n ? 'no L2 table' : `L2 table at ${hex(target)}`
      const copied = isCopied(entry) ? ', COPIED' : ''
      return {
        meaning: `${table}${copied}; ${guest}`,
        ...extras(target === 0n ? undefined : target, problem),
      }
    },
    sayEmpty: () => 'no L2 table',
  }
}
