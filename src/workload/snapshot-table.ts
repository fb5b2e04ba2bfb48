import { encodeSnapshotTable } from '../qcow2/encode.ts'
import type { ClusterIndex } from '../lib/units.ts'
import type { Geometry } from './geometry.ts'

/** A snapshot's name and the place of its L1 table. */
export interface NamedL1 {
  readonly name: string
  readonly l1: ClusterIndex
}

/** 2015-04-17, 00:00 UTC: the eve of the day in the example of the event; then one snapshot an hour. */
const FIRST_DATE_SECONDS = 1429228800
const SECONDS_APART = 3600

/** @returns the snapshot table's bytes; ids count from 1 as QEMU gives them out */
export function snapshotTableBytes(snapshots: readonly NamedL1[], geometry: Geometry): Uint8Array {
  const { clusterSize, l1Entries, virtualSize } = geometry
  return encodeSnapshotTable(
    snapshots.map(({ name, l1 }, index) => ({
      id: String(index + 1),
      name,
      l1TableOffset: BigInt(l1) * BigInt(clusterSize),
      l1Size: l1Entries,
      dateSeconds: FIRST_DATE_SECONDS + index * SECONDS_APART,
      dateNanoseconds: 0,
      vmClockNanoseconds: 0n,
      vmStateSize: 0n,
      diskSize: virtualSize,
      icount: 0n,
      unknownExtraData: new Uint8Array(0),
    })),
    virtualSize,
  )
}
