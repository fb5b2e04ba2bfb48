/**
 * An image as it is shown: what its tables say, how it was opened, and the answers to everything that can be asked about
 * that. After other options or a command there is another one, so what it has worked out holds as long as it lives.
 */
import type { FindKindName } from '../lib/find-kinds.ts'
import type { Layer } from '../lib/layers.ts'
import { type GuestOffset, WINDOW_CLUSTERS } from '../lib/units.ts'
import type { StructureField } from '../qcow2/fields/field.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import { ClusterContent } from './cluster-content.ts'
import { exportStructures, type ExportHooks } from './export-structures.ts'
import { Finder, type KindCounts } from './find/finder.ts'
import type { Found } from './find/places.ts'
import { type GuestRoute, guestRoute } from './guest-route.ts'
import { inspectGuard } from './inspect-guard.ts'
import { inspectWindow } from './inspect-window.ts'
import { knownBy } from './known-by.ts'
import { countCells } from './layer-counts.ts'
import type { LayerInput } from './layer-stretches.ts'
import type { OpeningRun } from './opening-run.ts'
import type { RunReport, WindowTable } from './report.ts'
import type { BytesPage, Inspection } from './inspection.ts'
import type { StructurePage, StructureStep } from './structure-page.ts'
import type { ExportFormat } from './structure-export.ts'
import { structurePath } from './structure-tree/structure-path.ts'
import { StructureTree } from './structure-tree/structure-tree.ts'
import type { View } from './view.ts'

/** Bytes and fields of a cluster that come along with its inspection; the rest is asked for as it is looked at. */
export const FIRST_BYTES = 800
export const FIRST_FIELDS = 100

export interface ShownParts {
  readonly view: View
  /** Which the image was opened with last. */
  readonly sequence: OpenSequence
  readonly run: OpeningRun
  readonly report: RunReport
  readonly windows: WindowTable
}

export class Shown {
  private of: ShownParts
  /** What layers of the map are painted and counted from, and guards looked up. Whoever has it sees what it is now. */
  readonly layerInput: LayerInput
  private madeFinder: Finder | undefined
  private madeTree: StructureTree | undefined
  private content: { readonly cluster: number; readonly content: ClusterContent } | undefined

  constructor(of: ShownParts) {
    const { run, report, view } = of
    this.of = of
    this.layerInput = {
      runs: view.owners.runs,
      refcounts: view.owners.refcounts,
      truth: view.truth.engine,
      ...enginesOf(of),
      // Nobody can write to an image that does not open.
      checkedTypes: run.outcome.kind === 'refused' ? 0 : run.options.checkedTypes,
      canBuild: report.canBuild,
    }
  }

  /** Commands are about to change the list: from now on this looks at a copy, and goes on answering as it does now. */
  holdStill(): void {
    const { run } = this.of
    if (!run.engine) return
    this.of = { ...this.of, run: { ...run, engine: run.engine.clone() } }
    Object.assign(this.layerInput, enginesOf(this.of))
  }

  /** How many clusters have each cell of a layer, indexed by cell (lib/layer-cells.ts). */
  layerCounts(layer: Layer): Float64Array {
    return countCells(this.layerInput, layer)
  }

  /** Everything about one cluster and its window. @throws Cancelled, DiskError */
  async inspect(cluster: number): Promise<Inspection> {
    const { view, sequence, run, report } = this.of
    const { clusterSize, header } = view.image
    const content = await this.contentOf(cluster)
    const context = { sequence, clusterSize, truth: view.truth, run, canBuild: report.canBuild }
    return {
      cluster: {
        ...content.report,
        hostOffset: BigInt(cluster) << BigInt(header.clusterBits),
        ...inspectGuard(context, cluster, content.report.owner),
        fieldCount: content.layout?.count,
        bytes: content.bytesPage(0, FIRST_BYTES),
        fields: content.fieldsPage(0, FIRST_FIELDS),
      },
      window: inspectWindow(context, Math.floor(cluster / WINDOW_CLUSTERS)),
    }
  }

  /** Some of a cluster's bytes, each with its field. @throws Cancelled, DiskError */
  async clusterBytes(cluster: number, from: number, count: number): Promise<BytesPage> {
    return (await this.contentOf(cluster)).bytesPage(from, count)
  }

  /** Some of a cluster's fields. @throws Cancelled, DiskError */
  async clusterFields(cluster: number, from: number, count: number): Promise<StructureField[]> {
    return (await this.contentOf(cluster)).fieldsPage(from, count)
  }

  /** The cluster asked for last is at hand: pages of it follow one another. */
  private async contentOf(cluster: number): Promise<ClusterContent> {
    if (this.content?.cluster === cluster) return this.content.content
    const { image, owners } = this.of.view
    const content = await ClusterContent.of(image, owners, cluster)
    this.content = { cluster, content }
    return content
  }

  /** The nearest place of a kind in this direction, going round at the end; undefined for none. */
  find(kind: FindKindName, after: number, direction: 1 | -1): Found | undefined {
    return this.finder.find(kind, after, direction)
  }

  /** Clusters of every kind that can be looked for. */
  get kindCounts(): KindCounts {
    return this.finder.counts
  }

  /** @throws UserError where there is no such guest offset, or no way to it; Cancelled, DiskError */
  guestRoute(offset: GuestOffset): Promise<GuestRoute> {
    return guestRoute(this.of.view.image, offset)
  }

  private get finder(): Finder {
    const { report, windows, view } = this.of
    const { coverage } = report
    this.madeFinder ??= new Finder({ runs: view.owners.runs, guards: this.layerInput, coverage, windows })
    return this.madeFinder
  }

  /**
   * Some children of a node of the tree of structures.
   * @param node its id; '' for the root
   * @throws Cancelled, DiskError
   */
  structureChildren(node: string, from: number, count: number): Promise<StructurePage> {
    return this.structures.children(node, from, count)
  }

  /** The way down that tree to what holds a cluster; empty where nothing refers to it. @throws Cancelled, DiskError */
  async structurePath(cluster: number): Promise<StructureStep[]> {
    const { image, owners } = this.of.view
    return structurePath(this.structures, image, await owners.report(cluster))
  }

  /** Every structure as text, in pieces. @throws Cancelled, DiskError */
  exportStructures(format: ExportFormat, hooks: ExportHooks = {}): AsyncGenerator<string, void, void> {
    const { view, run } = this.of
    const { image, sequence, owners } = view
    const { options, outcome } = run
    const input = { image, sequence, guards: this.layerInput, owners, options, outcome: outcome.kind }
    return exportStructures(input, format, hooks)
  }

  private get structures(): StructureTree {
    const { image, owners } = this.of.view
    this.madeTree ??= new StructureTree({ image, runs: owners.runs, guards: this.layerInput })
    return this.madeTree
  }
}

const enginesOf = ({ run, view }: ShownParts): Pick<LayerInput, 'engine' | 'list'> => ({
  engine: knownBy(run, view.truth),
  list: run.engine,
})
