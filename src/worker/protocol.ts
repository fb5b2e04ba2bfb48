/**
 * Everything that page and worker say to each other. Types only. Each request carries a number of its
 * own, and the worker ends its answer with `done` or `failed` of that number; what belongs to an image
 * carries the run of its opening, so that a late answer to an older one can be told and dropped.
 */
import type { FindKindName } from '../lib/find-kinds.ts'
import type { Layer } from '../lib/layers.ts'
import type { GuestOffset } from '../lib/units.ts'
import type { KindCounts } from '../simulation/find/finder.ts'
import type { Found } from '../simulation/find/places.ts'
import type { GuestRoute } from '../simulation/guest-route.ts'
import type { Layout } from '../render/layout.ts'
import type { MapLayers } from '../render/map-layers.ts'
import type { MapPicture, PictureView } from '../render/map-picture.ts'
import type { Palette } from '../render/palette.ts'
import type { Viewport } from '../render/viewport.ts'
import type { Recipe } from '../workload/recipe.ts'
import type { ExportFormat } from '../simulation/structure-export.ts'
import type { StructureField } from '../qcow2/fields/field.ts'
import type {
  CommandEntry,
  ImageSummary,
  LogGroup,
  LogMember,
  RunOptions,
  RunReport,
} from '../simulation/report.ts'
import type { BytesPage, Inspection } from '../simulation/inspection.ts'
import type { StructurePage, StructureStep } from '../simulation/structure-page.ts'

export type RequestId = number
/** Counts the images opened in this page. */
export type RunId = number

export type ImageChoice =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'recipe'; readonly name: string; readonly recipe: Recipe }
  /** A bundled sample: a file below the page's own address. */
  | { readonly kind: 'sample'; readonly name: string; readonly url: string }
  /** A scenario by its id; it brings its own options along. */
  | { readonly kind: 'scenario'; readonly id: string }

export type Request =
  | {
      readonly type: 'open'
      readonly id: RequestId
      readonly run: RunId
      readonly image: ImageChoice
      /** Left out: the scenario's own options. */
      readonly options?: RunOptions
    }
  /** Re-open the image of this run under other options. */
  | { readonly type: 'options'; readonly id: RequestId; readonly run: RunId; readonly options: RunOptions }
  /** A view of the map as pixels. */
  | {
      readonly type: 'picture'
      readonly id: RequestId
      readonly run: RunId
      readonly view: PictureView
      /** Left out: that of the last request. */
      readonly palette?: Palette
      /** The pixels of an earlier picture, transferred to be used again. */
      readonly buffer?: ArrayBuffer
    }
  /** The same taken apart into what is painted one over the other, to be saved. */
  | {
      readonly type: 'picture-layers'
      readonly id: RequestId
      readonly run: RunId
      readonly view: { readonly layout: Layout; readonly viewport: Viewport; readonly ratio: number }
      readonly palette: Palette
    }
  /** How many clusters of the image have each cell of a layer. */
  | { readonly type: 'layer-counts'; readonly id: RequestId; readonly run: RunId; readonly layer: Layer }
  | { readonly type: 'inspect'; readonly id: RequestId; readonly run: RunId; readonly cluster: number }
  /** Some of a cluster's bytes; `from` and `count` in bytes. */
  | {
      readonly type: 'cluster-bytes'
      readonly id: RequestId
      readonly run: RunId
      readonly cluster: number
      readonly from: number
      readonly count: number
    }
  /** Some of the fields that they make up. */
  | {
      readonly type: 'cluster-fields'
      readonly id: RequestId
      readonly run: RunId
      readonly cluster: number
      readonly from: number
      readonly count: number
    }
  | {
      readonly type: 'log-groups'
      readonly id: RequestId
      readonly run: RunId
      readonly from: number
      readonly count: number
    }
  | {
      readonly type: 'log-members'
      readonly id: RequestId
      readonly run: RunId
      readonly group: number
      readonly from: number
      readonly count: number
    }
  /** The nearest place of a kind that begins after (or before) this cluster, going round at the end. */
  | {
      readonly type: 'find'
      readonly id: RequestId
      readonly run: RunId
      readonly kind: FindKindName
      readonly after: number
      readonly direction: 1 | -1
    }
  | { readonly type: 'count-kinds'; readonly id: RequestId; readonly run: RunId }
  /** Where a guest offset lies, and the way there. */
  | {
      readonly type: 'guest-route'
      readonly id: RequestId
      readonly run: RunId
      readonly offset: GuestOffset
    }
  /** The whole log as text, one QMP event a line. */
  | { readonly type: 'export-log'; readonly id: RequestId; readonly run: RunId }
  /** Carry out lines of commands, or of a trace (fio’s, blkparse’s, CSV); lines that are none are told, and stop nothing else. */
  | { readonly type: 'run-commands'; readonly id: RequestId; readonly run: RunId; readonly text: string }
  /** Take the last command back: the image is opened anew, and the others are given again. */
  | { readonly type: 'undo-command'; readonly id: RequestId; readonly run: RunId }
  /** The whole file as commands have left it. */
  | { readonly type: 'download-image'; readonly id: RequestId; readonly run: RunId }
  /** Some children of a node of the tree of structures; its root is ''. */
  | {
      readonly type: 'structure-children'
      readonly id: RequestId
      readonly run: RunId
      readonly node: string
      readonly from: number
      readonly count: number
    }
  /** The way down that tree to what holds a cluster. */
  | { readonly type: 'structure-path'; readonly id: RequestId; readonly run: RunId; readonly cluster: number }
  /** Every structure of metadata as a file; told of by progress, and stopped by `cancel`. */
  | {
      readonly type: 'export-structures'
      readonly id: RequestId
      readonly run: RunId
      readonly format: ExportFormat
    }
  /**
   * Stop opening this run: the image opened before it stays. Or, where it is open: stop its commands, those that were
   * carried out stay; stop running them again under other options: all stays as it was.
   */
  | { readonly type: 'cancel'; readonly id: RequestId; readonly run: RunId }

export interface Progress {
  /** What is being done, as a person reads it: "Reading L2 tables". */
  readonly phase: string
  readonly done: number
  readonly total: number
  /** What `done` and `total` count. */
  readonly unit: 'bytes' | 'tables' | 'clusters' | 'commands' | 'structures'
  readonly bytesRead: number
  readonly bytesTotal: number
}

/** What went wrong, fit to be shown. */
export interface Failure {
  readonly message: string
  readonly offset?: bigint
  readonly advice?: string
  /** True for a defect of ours rather than of the image. */
  readonly internal: boolean
}

export type Reply =
  | { readonly type: 'progress'; readonly id: RequestId; readonly run: RunId; readonly progress: Progress }
  /** Where the image's tables are, while they are still being followed: pictures of that can be asked for. */
  | {
      readonly type: 'outline'
      readonly id: RequestId
      readonly run: RunId
      readonly outline: Outline
    }
  | {
      readonly type: 'opened'
      readonly id: RequestId
      readonly run: RunId
      readonly image: ImageSummary
      /** What the scenario says about itself, if it is one. */
      readonly scenario?: ScenarioText
    }
  /** The run as it stands under its present options; `revision` counts them, and pictures belong to one. */
  | {
      readonly type: 'report'
      readonly id: RequestId
      readonly run: RunId
      readonly revision: number
      readonly report: RunReport
      /** The image as commands have left it; left out where none were given since it was told. */
      readonly image?: ImageSummary
    }
  /** What commands came to: the lines from number `from` on, in place of all that were there. */
  | {
      readonly type: 'entries'
      readonly id: RequestId
      readonly run: RunId
      readonly from: number
      readonly entries: readonly CommandEntry[]
    }
  | { readonly type: 'image-file'; readonly id: RequestId; readonly run: RunId; readonly file: Blob }
  | {
      readonly type: 'picture'
      readonly id: RequestId
      readonly run: RunId
      readonly revision: number
      readonly picture: MapPicture
    }
  | {
      readonly type: 'picture-layers'
      readonly id: RequestId
      readonly run: RunId
      readonly layers: MapLayers
    }
  | {
      readonly type: 'layer-counts'
      readonly id: RequestId
      readonly run: RunId
      readonly revision: number
      readonly layer: Layer
      /** Clusters, indexed by cell (lib/layer-cells.ts). */
      readonly counts: Float64Array
    }
  | {
      readonly type: 'inspection'
      readonly id: RequestId
      readonly run: RunId
      readonly revision: number
      readonly inspection: Inspection
    }
  | { readonly type: 'cluster-bytes'; readonly id: RequestId; readonly run: RunId; readonly page: BytesPage }
  | {
      readonly type: 'cluster-fields'
      readonly id: RequestId
      readonly run: RunId
      readonly fields: readonly StructureField[]
    }
  | {
      readonly type: 'log-groups'
      readonly id: RequestId
      readonly run: RunId
      readonly revision: number
      readonly from: number
      readonly groups: readonly LogGroup[]
    }
  | {
      readonly type: 'log-members'
      readonly id: RequestId
      readonly run: RunId
      readonly revision: number
      readonly group: number
      readonly from: number
      readonly members: readonly LogMember[]
    }
  | {
      readonly type: 'found'
      readonly id: RequestId
      readonly run: RunId
      /** undefined: there is none. */
      readonly found: Found | undefined
    }
  | { readonly type: 'kind-counts'; readonly id: RequestId; readonly run: RunId; readonly counts: KindCounts }
  | { readonly type: 'guest-route'; readonly id: RequestId; readonly run: RunId; readonly route: GuestRoute }
  | { readonly type: 'exported-log'; readonly id: RequestId; readonly run: RunId; readonly text: Blob }
  | {
      readonly type: 'structure-children'
      readonly id: RequestId
      readonly run: RunId
      readonly revision: number
      readonly page: StructurePage
    }
  | {
      readonly type: 'structure-path'
      readonly id: RequestId
      readonly run: RunId
      readonly revision: number
      /** From the root down; none where nothing refers to the cluster. */
      readonly steps: readonly StructureStep[]
    }
  | { readonly type: 'exported-structures'; readonly id: RequestId; readonly run: RunId; readonly file: Blob }
  /** The last answer to a request. */
  | { readonly type: 'done'; readonly id: RequestId; readonly run: RunId; readonly cancelled: boolean }
  | { readonly type: 'failed'; readonly id: RequestId; readonly run: RunId; readonly failure: Failure }

export interface Outline {
  readonly windows: number
  readonly fileClusters: number
}

export interface ScenarioText {
  readonly id: string
  readonly title: string
  /** What to see, and why it happens: a sentence or two. */
  readonly sentence: string
}
