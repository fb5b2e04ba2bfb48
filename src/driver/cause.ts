/** Why the driver called the overlap engine: what it was about to do, and to which structure. */
import type { OwnerName } from '../lib/owners.ts'

/** What the driver was doing, in words that end a sentence: "the check before *writing guest data*". */
export type Phase =
  | 'writing guest data'
  | 'copying the part of a cluster that is not written'
  | 'writing an L2 table back'
  | 'writing a refcount block back'
  | 'writing an L1 entry'
  | 'allocating an L2 table'
  | 'growing the L1 table'
  | 'allocating a refcount block'
  | 'growing the refcount table'
  | 'creating a snapshot'
  | 'deleting a snapshot'
  | 'applying a snapshot'
  | 'rewriting the snapshot table'
  | 'resizing the image'
  | 'rebuilding the refcounts'
  | 'writing compressed data'

export interface Cause {
  readonly phase: Phase
  readonly structure: OwnerName
}

/** The causes of the write path; other operations make their own. */
export const Causes = {
  guestData: { phase: 'writing guest data', structure: 'guestData' },
  copyOnWrite: { phase: 'copying the part of a cluster that is not written', structure: 'guestData' },
  flushL2: { phase: 'writing an L2 table back', structure: 'activeL2' },
  flushRefcounts: { phase: 'writing a refcount block back', structure: 'refcountBlock' },
  l1Entry: { phase: 'writing an L1 entry', structure: 'activeL1' },
  newL2: { phase: 'allocating an L2 table', structure: 'activeL2' },
  growL1: { phase: 'growing the L1 table', structure: 'activeL1' },
  newRefcountBlock: { phase: 'allocating a refcount block', structure: 'refcountBlock' },
  growRefcountTable: { phase: 'growing the refcount table', structure: 'refcountTable' },
} as const satisfies Record<string, Cause>
