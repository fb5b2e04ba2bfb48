/**
 * The types of metadata that an overlap check knows, as bits (QEMU: QCow2MetadataOverlap). The bitmap
 * directory is mainline's (since 3.0); the engine of the 2015 series has the first eight.
 */

/** A set of metadata types, one bit each. */
export type TypeMask = number

export const MetadataType = {
  mainHeader: 1,
  activeL1: 2,
  activeL2: 4,
  refcountTable: 8,
  refcountBlock: 16,
  snapshotTable: 32,
  inactiveL1: 64,
  inactiveL2: 128,
} as const

export type MetadataTypeName = keyof typeof MetadataType

export interface MetadataTypeInfo {
  readonly name: MetadataTypeName
  readonly bit: TypeMask
  /** The option that switches it: `overlap-check.OPTION`. */
  readonly option: string
  /** What people call it. */
  readonly label: string
  /** What QEMU calls it in `Preventing invalid write on metadata (overlaps with …)`. */
  readonly qemuName: string
}

/** In the order of their bits. */
export const METADATA_TYPES: readonly MetadataTypeInfo[] = [
  { name: 'mainHeader', bit: 1, option: 'main-header', label: 'Main header', qemuName: 'qcow2_header' },
  { name: 'activeL1', bit: 2, option: 'active-l1', label: 'Active L1 table', qemuName: 'active L1 table' },
  { name: 'activeL2', bit: 4, option: 'active-l2', label: 'Active L2 tables', qemuName: 'active L2 table' },
  {
    name: 'refcountTable',
    bit: 8,
    option: 'refcount-table',
    label: 'Refcount table',
    qemuName: 'refcount table',
  },
  {
    name: 'refcountBlock',
    bit: 16,
    option: 'refcount-block',
    label: 'Refcount blocks',
    qemuName: 'refcount block',
  },
  {
    name: 'snapshotTable',
    bit: 32,
    option: 'snapshot-table',
    label: 'Snapshot table',
    qemuName: 'snapshot table',
  },
  {
    name: 'inactiveL1',
    bit: 64,
    option: 'inactive-l1',
    label: 'Inactive L1 tables',
    qemuName: 'inactive L1 table',
  },
  {
    name: 'inactiveL2',
    bit: 128,
    option: 'inactive-l2',
    label: 'Inactive L2 tables',
    qemuName: 'inactive L2 table',
  },
]

/** Values of option `overlap-check` (`overlap-check.template`). `cached` is QEMU's default. */
export const TEMPLATES = {
  none: 0,
  constant: 1 | 2 | 8 | 32,
  cached: 1 | 2 | 8 | 32 | 4 | 16 | 64,
  all: 255,
} as const

export type TemplateName = keyof typeof TEMPLATES

/** QEMU's name of the lowest type in the mask; undefined for an empty one. */
export function lowestTypeName(types: TypeMask): string | undefined {
  return METADATA_TYPES.find(type => types & type.bit)?.qemuName
}
