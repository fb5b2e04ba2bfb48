/**
 * Who a host cluster belongs to. One small number each, so that a run of clusters, a pixel of the map
 * and a legend row can all name an owner in a byte.
 */
import { MetadataType, type TypeMask } from './metadata-types.ts'

export const Owner = {
  free: 0,
  /** Referenced by nothing, though its refcount says otherwise. */
  leaked: 1,
  guestData: 2,
  compressedData: 3,
  /** Reserved for the guest, but reads as zeros. */
  zeroData: 4,
  header: 5,
  refcountTable: 6,
  refcountBlock: 7,
  activeL1: 8,
  activeL2: 9,
  snapshotTable: 10,
  inactiveL1: 11,
  inactiveL2: 12,
  bitmapDirectory: 13,
  bitmapTable: 14,
  bitmapData: 15,
  luksHeader: 16,
} as const

export type OwnerName = keyof typeof Owner
export type OwnerCode = (typeof Owner)[OwnerName]

export interface OwnerInfo {
  readonly name: OwnerName
  readonly code: OwnerCode
  /** One cluster of it, in a sentence: "active L2 table". */
  readonly label: string
  /** The type an overlap check knows it by; 0 for what the 2015 engine does not guard. */
  readonly type: TypeMask
}

const info = (name: OwnerName, label: string, type: TypeMask = 0): OwnerInfo => ({
  name,
  code: Owner[name],
  label,
  type,
})

/** Indexed by OwnerCode. */
export const OWNERS: readonly OwnerInfo[] = [
  info('free', 'free'),
  info('leaked', 'leaked'),
  info('guestData', 'guest data'),
  info('compressedData', 'compressed guest data'),
  info('zeroData', 'guest data that reads as zeros'),
  info('header', 'main header', MetadataType.mainHeader),
  info('refcountTable', 'refcount table', MetadataType.refcountTable),
  info('refcountBlock', 'refcount block', MetadataType.refcountBlock),
  info('activeL1', 'active L1 table', MetadataType.activeL1),
  info('activeL2', 'active L2 table', MetadataType.activeL2),
  info('snapshotTable', 'snapshot table', MetadataType.snapshotTable),
  info('inactiveL1', 'inactive L1 table', MetadataType.inactiveL1),
  info('inactiveL2', 'inactive L2 table', MetadataType.inactiveL2),
  info('bitmapDirectory', 'bitmap directory'),
  info('bitmapTable', 'bitmap table'),
  info('bitmapData', 'bitmap data'),
  info('luksHeader', 'LUKS header'),
]

/** Whether the owner is metadata, of whatever kind (guest data, free and leaked clusters are not). */
export const isMetadata = (owner: number): boolean => owner >= Owner.header
