import { Owner, type OwnerCode } from '../lib/owners.ts'

/** Who is named where several claim a cluster: metadata by code, then what the guest would miss most. */
export const PRECEDENCE: readonly OwnerCode[] = [
  Owner.header,
  Owner.refcountTable,
  Owner.refcountBlock,
  Owner.activeL1,
  Owner.activeL2,
  Owner.snapshotTable,
  Owner.inactiveL1,
  Owner.inactiveL2,
  Owner.bitmapDirectory,
  Owner.bitmapTable,
  Owner.bitmapData,
  Owner.luksHeader,
  Owner.guestData,
  Owner.compressedData,
  Owner.zeroData,
]

/** @param claimsOf number of claims by owner @returns who is named; free where there are none */
export const namedOwner = (claimsOf: Uint32Array): OwnerCode =>
  PRECEDENCE.find(owner => claimsOf[owner]! > 0) ?? Owner.free
