/**
 * What is wrong with a cluster, as the value of a map cell: 0 for free clusters, else 1 + two bits for what it is
 * (data, metadata, leaked) + three bits for what is wrong.
 */
import { isMetadata, Owner } from './owners.ts'

/** As bits; more than one may hold. */
export const Wrong = {
  /** By two structures, or more often than its refcount says. */
  claimedTwice: 1,
  /** The stored refcount is not the number of references. */
  refcountWrong: 2,
  /** In use, and past the end of the file. */
  pastEnd: 4,
} as const

const METADATA = 8
const LEAKED = 16

/** @param wrong bits of Wrong; a leaked cluster is claimed by nobody, and can only lie past the end besides */
export function problemValue(owner: number, wrong: number): number {
  if (owner === Owner.free) return 0
  if (owner === Owner.leaked) return 1 + (LEAKED | (wrong & Wrong.pastEnd))
  return 1 + ((isMetadata(owner) ? METADATA : 0) | wrong)
}

/** @returns bits of Wrong */
export const wrongOf = (value: number): number => (value === 0 ? 0 : (value - 1) & 7)
export const isLeakedValue = (value: number): boolean => value !== 0 && ((value - 1) & LEAKED) !== 0
export const isMetadataValue = (value: number): boolean => value !== 0 && ((value - 1) & METADATA) !== 0
