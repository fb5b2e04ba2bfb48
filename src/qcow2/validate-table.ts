import type { Bytes, HostOffset } from '../lib/units.ts'
import { Qcow2Error } from './errors.ts'

const INT64_MAX = (1n << 63n) - 1n

/** A table as the header describes it, before anything of it has been read. */
export interface TableClaim {
  /** QEMU's name of it: "Active L1 table". */
  readonly name: string
  readonly offset: HostOffset
  readonly entries: number
  /** Bytes of one entry; of the smallest one where their sizes differ. */
  readonly entrySize: Bytes
  readonly maxBytes: Bytes
  /** Where in the file its offset and its number of entries are written. */
  readonly offsetField: HostOffset
  readonly entriesField: HostOffset
}

/**
 * QEMU's qcow2_validate_table.
 * @throws Qcow2Error if the table is too large, or its offset is beyond 2^63 or not on a cluster boundary
 */
export function validateTable(table: TableClaim, clusterSize: Bytes): void {
  if (table.entries > Math.floor(table.maxBytes / table.entrySize))
    throw new Qcow2Error(
      `${table.name} too large`,
      table.entriesField,
      `It has ${table.entries} entries of ${table.entrySize} bytes; QEMU accepts ${table.maxBytes} bytes.`,
    )
  const length = BigInt(table.entries) * BigInt(table.entrySize)
  if (INT64_MAX - length < table.offset || table.offset % BigInt(clusterSize) !== 0n)
    throw new Qcow2Error(
      `${table.name} offset invalid`,
      table.offsetField,
      `Offset ${table.offset} must be a multiple of the cluster size, ${clusterSize}, and below 2^63.`,
    )
}
