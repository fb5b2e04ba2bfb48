/**
 * The structures of an image as a tree: what names what, from the header's fields down to the clusters of data.
 *
 * Nothing is read before it is asked for, and tables are not kept: of an opened node stays where its rows begin
 * (table-rows.ts). A tree is as deep as the format has it, so no loop of pointers can make it longer.
 */
import type { CancelSignal } from '../../lib/cancel.ts'
import { MetadataType } from '../../lib/metadata-types.ts'
import { Owner } from '../../lib/owners.ts'
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import { BitmapFlag } from '../../qcow2/bitmap-directory.ts'
import { extensionName } from '../../qcow2/extension-magic.ts'
import type { Qcow2Image } from '../../qcow2/image.ts'
import { snapshotDiskSize } from '../../qcow2/structure-list.ts'
import { countGuardsOfTypes } from '../guard-range.ts'
import type { StructurePage, StructureRow } from '../structure-page.ts'
import { type Branch, fixedBranch } from './branch.ts'
import { l2Branch } from './l2-branch.ts'
import { counted, dateText } from './names.ts'
import {
  bitmapTableBranch,
  blockAt,
  l1Branch,
  l2At,
  refcountBlockBranch,
  refcountTableBranch,
} from './pointer-branches.ts'
import { makeRow, type TreeContext } from './structure-facts.ts'

/** Opened nodes of which the rows' places are remembered: one takes 16 KiB for a table of a million rows. */
const MAX_BRANCHES = 256

/** The original skips larger snapshot L1 tables, and so does the list of structures. */
export const MAX_SNAPSHOT_L1_ENTRIES = 0x2000000

export class StructureTree {
  readonly #context: TreeContext
  readonly #branches = new Map<string, Branch>()

  constructor(context: TreeContext) {
    this.#context = context
  }

  /**
   * @param node its id; '' for the root
   * @throws Cancelled, DiskError
   */
  async children(node: string, from: number, count: number, signal?: CancelSignal): Promise<StructurePage> {
    const { total, summary, rows } = await this.branch(node, signal)
    const row = await this.#placeOf(node, signal)
    return { node, row, from, total, summary, rows: await rows(from, count, signal) }
  }

  /** @returns the node's place among its parent's children; -1 for the root, and for what is not there (any more) */
  async #placeOf(node: string, signal?: CancelSignal): Promise<number> {
    if (node === '') return -1
    const cut = node.lastIndexOf('/')
    const parent = await this.branch(node.slice(0, Math.max(0, cut)), signal)
    const row = await parent.rowOf(node.slice(cut + 1), signal)
    const [found] = row < 0 ? [] : await parent.rows(row, 1, signal)
    return found?.id === node ? row : -1
  }

  /** @throws Cancelled, DiskError */
  async branch(node: string, signal?: CancelSignal): Promise<Branch> {
    const known = this.#branches.get(node)
    const branch = known ?? (await this.#open(node, signal))
    // A Map keeps the order of insertion: the oldest use comes first.
    this.#branches.delete(node)
    this.#branches.set(node, branch)
    const [oldest] = this.#branches.keys()
    if (this.#branches.size > MAX_BRANCHES && oldest !== undefined) this.#branches.delete(oldest)
    return branch
  }

  async #open(node: string, signal?: CancelSignal): Promise<Branch> {
    const context = this.#context
    const { image } = context
    const [root = '', ...keys] = node.split('/')
    const numbers = keys.filter(key => /^\d+$/.test(key)).map(Number)
    const [first = -1, second = -1] = numbers
    if (node === '') return fixedBranch(this.#roots())
    if (node === 'header')
      return fixedBranch(this.#extensions(), counted(image.extensions.length, 'extension'))
    if (node === 'refcount-table') return refcountTableBranch(context, signal)
    if (root === 'refcount-table' && keys.length === 1)
      return this.#table(blockAt(image, first), offset =>
        refcountBlockBranch(context, node, offset, first, signal),
      )
    if (node === 'l1') return l1Branch(context, node, undefined, signal)
    if (root === 'l1' && keys.length === 1)
      return this.#table(await l2At(image, undefined, first), offset =>
        l2Branch(context, node, offset, first, signal),
      )
    if (node === 'snapshots')
      return fixedBranch(this.#snapshots(), counted(image.snapshots.length, 'snapshot'))
    const snapshot = root === 'snapshots' ? image.snapshots[first] : undefined
    if (snapshot && keys.length === 1) return fixedBranch([this.#snapshotL1(first)])
    if (snapshot && keys.length === 2) return l1Branch(context, node, snapshot, signal)
    if (snapshot && keys.length === 3)
      return this.#table(await l2At(image, snapshot, second), offset =>
        l2Branch(context, node, offset, second, signal),
      )
    const bitmaps = image.bitmapDirectory?.bitmaps ?? []
    if (node === 'bitmaps') return fixedBranch(this.#bitmaps(), counted(bitmaps.length, 'bitmap'))
    const bitmap = root === 'bitmaps' ? bitmaps[first] : undefined
    if (bitmap && keys.length === 1) return fixedBranch([this.#bitmapTable(first)])
    if (bitmap && keys.length === 2) return bitmapTableBranch(context, node, bitmap, signal)
    // Of an image that is no longer what it was when its row was told.
    return fixedBranch([])
  }

  /** @param offset 0 where there is no such table, or none any more */
  async #table(offset: bigint, open: (offset: bigint) => Promise<Branch>): Promise<Branch> {
    return offset === 0n ? fixedBranch([]) : open(offset)
  }

  #row(facts: Parameters<typeof makeRow>[1]): StructureRow {
    return makeRow(this.#context, facts)
  }

  #unguardedOf(types: number): number {
    const { lost, lockedOut } = countGuardsOfTypes(this.#context.guards, types)
    return lost + lockedOut
  }

  #roots(): StructureRow[] {
    const { image } = this.#context
    const { header, luksHeader: luks, bitmapDirectory: directory } = image
    const rows = [
      this.#row({
        id: 'header',
        name: 'Header',
        detail: headerText(image),
        owner: Owner.header,
        offset: 0n,
        length: BigInt(image.clusterSize),
        isExpandable: image.extensions.length > 0,
      }),
      this.#row({
        id: 'refcount-table',
        name: 'Refcount table',
        detail: counted(Math.floor(image.refcountTable.byteLength / 8), 'entry'),
        owner: Owner.refcountTable,
        offset: header.refcountTableOffset,
        length: BigInt(header.refcountTableClusters) * BigInt(image.clusterSize),
        isExpandable: image.refcountTable.byteLength >= 8,
        isAligned: true,
        unguardedBelow: this.#unguardedOf(MetadataType.refcountBlock),
      }),
    ]
    if (header.l1Size > 0)
      rows.push(
        this.#row({
          id: 'l1',
          name: 'Active L1 table',
          detail: counted(header.l1Size, 'entry'),
          owner: Owner.activeL1,
          offset: header.l1TableOffset,
          length: BigInt(header.l1Size) * 8n,
          isExpandable: true,
          isAligned: true,
          unguardedBelow: this.#unguardedOf(MetadataType.activeL2),
        }),
      )
    if (header.nbSnapshots > 0)
      rows.push(
        this.#row({
          id: 'snapshots',
          name: 'Snapshot table',
          detail: counted(image.snapshots.length, 'snapshot'),
          owner: Owner.snapshotTable,
          offset: header.snapshotsOffset,
          length: BigInt(image.snapshotTableLength),
          isExpandable: image.snapshots.length > 0,
          isAligned: true,
          unguardedBelow: this.#unguardedOf(MetadataType.inactiveL1 | MetadataType.inactiveL2),
        }),
      )
    if (directory)
      rows.push(
        this.#row({
          id: 'bitmaps',
          name: 'Bitmap directory',
          detail:
            counted(directory.bitmaps.length, 'bitmap') +
            (directory.consistent ? '' : ', marked as out of date: QEMU lets go of them'),
          owner: Owner.bitmapDirectory,
          offset: directory.offset,
          length: BigInt(directory.size),
          isExpandable: directory.bitmaps.length > 0,
          isAligned: true,
        }),
      )
    if (luks)
      rows.push(
        this.#row({
          id: 'luks',
          name: 'LUKS header',
          owner: Owner.luksHeader,
          offset: luks.offset,
          length: luks.length,
          isAligned: true,
        }),
      )
    if (image.backingFile !== undefined)
      rows.push(
        this.#row({
          id: 'backing',
          name: `Backing file: ${image.backingFile}`,
          detail: image.backingFormat === undefined ? 'its name' : `its name; format ${image.backingFormat}`,
          owner: Owner.header,
          offset: header.backingFileOffset,
          length: BigInt(header.backingFileSize),
          isPart: true,
        }),
      )
    if (image.externalDataFile !== undefined)
      rows.push(
        this.#row({
          id: 'data-file',
          name: `Data file: ${image.externalDataFile}`,
          detail: 'holds the guest’s data',
        }),
      )
    return rows
  }

  #extensions(): StructureRow[] {
    return this.#context.image.extensions.map(({ magic, offset, data }, index) =>
      this.#row({
        id: `header/${index}`,
        name: `Extension: ${extensionName(magic)}`,
        detail: `0x${magic.toString(16).padStart(8, '0')}`,
        owner: Owner.header,
        offset,
        length: 8n + BigInt(data.length),
        isPart: true,
      }),
    )
  }

  #snapshots(): StructureRow[] {
    const { image } = this.#context
    return image.snapshots.map((snapshot, index) =>
      this.#row({
        id: `snapshots/${index}`,
        name: `Snapshot ${snapshot.name || snapshot.id}`,
        detail: [
          `id ${snapshot.id}`,
          dateText(snapshot.dateSeconds),
          `${formatBytes(snapshotDiskSize(image, snapshot))} disk`,
          ...(snapshot.vmStateSize > 0n ? [`${formatBytes(snapshot.vmStateSize)} of VM state`] : []),
        ].join(', '),
        owner: Owner.snapshotTable,
        offset: snapshot.entryOffset,
        length: BigInt(snapshot.entryLength),
        isPart: true,
        isExpandable: true,
      }),
    )
  }

  #snapshotL1(index: number): StructureRow {
    const { l1TableOffset, l1Size } = this.#context.image.snapshots[index]!
    const isTooLarge = l1Size > MAX_SNAPSHOT_L1_ENTRIES
    return this.#row({
      id: `snapshots/${index}/l1`,
      name: 'Inactive L1 table',
      detail: counted(l1Size, 'entry'),
      owner: Owner.inactiveL1,
      offset: l1TableOffset,
      length: BigInt(l1Size) * 8n,
      isExpandable: l1Size > 0 && !isTooLarge,
      isAligned: true,
      problems: isTooLarge ? ['too large to be read'] : [],
    })
  }

  #bitmaps(): StructureRow[] {
    return (this.#context.image.bitmapDirectory?.bitmaps ?? []).map((bitmap, index) =>
      this.#row({
        id: `bitmaps/${index}`,
        name: `Bitmap ${bitmap.name}`,
        detail: [
          `a bit for ${formatBytes(2 ** bitmap.granularityBits)}`,
          ...(bitmap.flags & BitmapFlag.inUse ? ['in use: not saved properly'] : []),
          ...(bitmap.flags & BitmapFlag.auto ? ['records from the start'] : []),
        ].join(', '),
        owner: Owner.bitmapDirectory,
        offset: bitmap.entryOffset,
        length: BigInt(bitmap.entryLength),
        isPart: true,
        isExpandable: true,
      }),
    )
  }

  #bitmapTable(index: number): StructureRow {
    const { tableOffset, tableSize } = this.#context.image.bitmapDirectory!.bitmaps[index]!
    return this.#row({
      id: `bitmaps/${index}/table`,
      name: 'Bitmap table',
      detail: counted(tableSize, 'entry'),
      owner: Owner.bitmapTable,
      offset: tableOffset,
      length: BigInt(tableSize) * 8n,
      isExpandable: tableSize > 0,
      isAligned: true,
    })
  }
}

function headerText({ header, clusterSize }: Qcow2Image): string {
  return [
    `version ${header.version}`,
    `${formatBytes(clusterSize)} clusters`,
    `${formatBytes(header.size)} disk`,
    `refcounts of ${formatCount(2 ** header.refcountOrder)} ${header.refcountOrder === 0 ? 'bit' : 'bits'}`,
  ].join(', ')
}
