/** What a claim says of its clusters, wherever and how many they are, in a byte. */
import type { OwnerCode } from '../lib/owners.ts'

/** What a claim's entry says about COPIED, in two bits. */
export const CopiedState = { none: 0, copied: 1, notCopied: 2 } as const
export type CopiedStateCode = (typeof CopiedState)[keyof typeof CopiedState]

const OWNER_MASK = 31
const COPIED_SHIFT = 5
const UNCOUNTED = 128

/** @param counted false for what QEMU does not count, because it exceeds the end of the file */
export const traitsOf = (owner: OwnerCode, copied: CopiedStateCode, counted: boolean): number =>
  owner | (copied << COPIED_SHIFT) | (counted ? 0 : UNCOUNTED)

export const ownerIn = (traits: number): OwnerCode => (traits & OWNER_MASK) as OwnerCode

export const copiedIn = (traits: number): CopiedStateCode => ((traits >> COPIED_SHIFT) & 3) as CopiedStateCode

export const isCountedIn = (traits: number): boolean => (traits & UNCOUNTED) === 0
