/** What can be looked for in an image, beside places: whose clusters are, what is wrong with them, who guards them. */
import { METADATA_TYPES } from './metadata-types.ts'
import { isMetadata, OWNERS, type OwnerName } from './owners.ts'

export type GuardKindName = 'unguarded' | 'lost' | 'lockedOut'
export type FindKindName =
  | OwnerName
  | GuardKindName
  | 'metadata'
  | 'snapshotsOnly'
  | 'claimedTwice'
  | 'refcountWrong'
  | 'pastEnd'
  | 'problem'

export interface FindKind {
  readonly name: FindKindName
  /** One cluster of it: "active L2 table", "leaked". */
  readonly label: string
  /** Other words for it, QEMU's among them. */
  readonly aliases: readonly string[]
  /** What it means, where the label does not say. */
  readonly about: string
  /**
   * What one step goes over, and what is counted: every cluster of metadata is a place of its own; of the rest a
   * stretch of them, however long, for a terabyte of guest data is not looked through cluster by cluster.
   */
  readonly step: 'cluster' | 'stretch'
}

/** Shorter words than the labels, and qemu-img's. */
const OTHER_WORDS: Partial<Readonly<Record<OwnerName, readonly string[]>>> = {
  leaked: ['leak', 'leaks'],
  guestData: ['data'],
  compressedData: ['compressed'],
  zeroData: ['zero', 'zeros', 'zero clusters'],
  header: ['header'],
  refcountTable: ['reftable'],
  refcountBlock: ['refblock'],
  activeL1: ['l1'],
  activeL2: ['l2'],
  luksHeader: ['luks', 'crypto header'],
}

const owners: readonly FindKind[] = OWNERS.map(({ name, code, label, type }) => {
  const types = METADATA_TYPES.filter(({ bit }) => (bit & type) !== 0)
  const aliases = types.flatMap(({ option, qemuName }) => [option, qemuName])
  return {
    name,
    label,
    aliases: [...(OTHER_WORDS[name] ?? []), ...aliases].filter(word => word !== label),
    // A table may be active and in a snapshot, too: then it counts as active.
    about: name === 'inactiveL1' || name === 'inactiveL2' ? 'not an active one as well' : '',
    // Bitmaps hold data, too: what the guest has written since.
    step: isMetadata(code) && name !== 'bitmapData' ? 'cluster' : 'stretch',
  }
})

const problems: readonly FindKind[] = [
  {
    name: 'unguarded',
    label: 'unguarded',
    aliases: ['not guarded'],
    about: 'metadata that a check would not find',
    step: 'cluster',
  },
  {
    name: 'lost',
    label: 'lost',
    aliases: ['not recorded'],
    about: 'unguarded: not recorded',
    step: 'cluster',
  },
  {
    name: 'lockedOut',
    label: 'locked out',
    aliases: [],
    about: 'unguarded: no bitmap can be built',
    step: 'cluster',
  },
  {
    name: 'problem',
    label: 'problem',
    aliases: ['problems', 'error', 'errors', 'fault'],
    about: 'leaked, claimed twice, refcount wrong, or past the end',
    step: 'stretch',
  },
  {
    name: 'claimedTwice',
    label: 'claimed twice',
    aliases: ['double', 'overlap', 'twice'],
    about: 'by more structures than the refcount allows',
    step: 'stretch',
  },
  {
    name: 'refcountWrong',
    label: 'refcount wrong',
    aliases: ['wrong refcount'],
    about: 'not what the references come to; leaks apart',
    step: 'stretch',
  },
  {
    name: 'pastEnd',
    label: 'past the end',
    aliases: ['past end', 'beyond the end'],
    about: 'in use, but not in the file',
    step: 'stretch',
  },
  {
    name: 'snapshotsOnly',
    label: 'in snapshots only',
    aliases: ['snapshots only'],
    about: 'no active table refers to it',
    step: 'stretch',
  },
  {
    name: 'metadata',
    label: 'metadata',
    aliases: ['any metadata'],
    about: 'of whatever kind',
    step: 'cluster',
  },
]

/** Problems first: they are what is looked for most. */
export const FIND_KINDS: readonly FindKind[] = [...problems, ...owners]

export const findKind = (name: FindKindName): FindKind => FIND_KINDS.find(kind => kind.name === name)!

export const isGuardKind = (name: FindKindName): name is GuardKindName =>
  name === 'unguarded' || name === 'lost' || name === 'lockedOut'
