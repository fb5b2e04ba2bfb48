/** What each type of metadata is, in a sentence, and what overwriting it would do. */
import type { MetadataTypeName } from '../../lib/metadata-types.ts'

export const TYPE_TEXTS: Readonly<Record<MetadataTypeName, string>> = {
  mainHeader:
    'The first cluster: sizes, features, and where everything else begins. Without it the file is no image.',
  activeL1:
    'The top of the map from guest to host offsets: one entry for each L2 table. Overwritten, whole stretches of the disk are lost.',
  activeL2:
    'The tables that say in which host cluster each guest cluster lies. One of them lost takes the data of all its clusters along.',
  refcountTable:
    'The top of the reference counts: one entry for each refcount block. It says which clusters are free.',
  refcountBlock:
    'How many references each host cluster has. A wrong count makes clusters in use look free, to be overwritten next.',
  snapshotTable: 'The list of internal snapshots, and where each keeps its L1 table.',
  inactiveL1: 'The L1 tables of internal snapshots, as they were when the snapshot was taken.',
  inactiveL2:
    'L2 tables that only snapshots use. Template cached leaves them out, for QEMU does not keep them at hand: before this series, checking them meant reading them from disk.',
}
