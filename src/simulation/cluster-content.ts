/** The bytes of a cluster with what they say. Kept of the cluster that was asked for last: pages of it will follow. */
import type { StructureField } from '../qcow2/fields/field.ts'
import type { FieldLayout } from '../qcow2/fields/field.ts'
import { structureFields } from '../qcow2/fields/structure-fields.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import type { ClusterReport, OwnerMap } from '../qcow2/owner-map.ts'
import type { BytesPage } from './inspection.ts'

export class ClusterContent {
  readonly report: ClusterReport
  readonly layout: FieldLayout | undefined
  private readonly bytes: Uint8Array

  /** @throws Cancelled, DiskError */
  static async of(image: Qcow2Image, owners: OwnerMap, cluster: number): Promise<ClusterContent> {
    const report = await owners.report(cluster)
    const { clusterSize, disk } = image
    const start = cluster * clusterSize
    // What lies past the end reads as zeros; a cluster may lie further than a file can be asked for.
    const bytes =
      start < disk.size ? (await disk.read(start, clusterSize)).slice() : new Uint8Array(clusterSize)
    return new ClusterContent(report, await structureFields(image, report, bytes), bytes)
  }

  private constructor(report: ClusterReport, layout: FieldLayout | undefined, bytes: Uint8Array) {
    this.report = report
    this.layout = layout
    this.bytes = bytes
  }

  /** Bytes [from, from + count); fewer where the cluster ends. */
  bytesPage(from: number, count: number): BytesPage {
    const { layout } = this
    const bytes = this.bytes.slice(from, from + count)
    const fields = layout
      ? Uint32Array.from(bytes, (_, index) => layout.indexOf(from + index))
      : new Uint32Array()
    return { bytes, fields }
  }

  /** Fields [from, from + count); fewer where they end. */
  fieldsPage(from: number, count: number): StructureField[] {
    const { layout } = this
    if (!layout) return []
    const end = Math.min(layout.count, from + count)
    return Array.from({ length: Math.max(0, end - from) }, (_, index) => layout.at(from + index))
  }
}
