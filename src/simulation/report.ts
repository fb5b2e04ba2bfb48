/** What a run tells about itself: plain data, made to be posted from the worker to the page. */
import type { EngineVersion } from '../overlap/engine.ts'
import type { OverlapOptions } from '../overlap/options.ts'
import type { StructureField } from '../qcow2/fields/field.ts'
import type { ClusterReport } from '../qcow2/owner-map.ts'
import type { HistoryCounts, HistoryKind } from './window-history.ts'

/** Who checks writes: the list of the 2015 series, in one of two versions, or the check that mainline has kept. */
export type EngineChoice = EngineVersion | 'mainline'

/** How an image is opened: QEMU's options, and two that only exist here. */
export interface RunOptions extends OverlapOptions {
  /** Mainline's check makes no list: `bitmapSize`, `totalSizeLimit` and `openUnchecked` mean nothing to it. */
  readonly version: EngineChoice
  /** The device's name, or '' for a node without a device; then events carry the node's name. */
  readonly device: string
  readonly nodeName: string
  /**
   * Our own extension, not QEMU's: when the list cannot be made, open the image all the same and send
   * the event without start and length.
   */
  readonly openUnchecked: boolean
}

/** How the opening ended. */
export type Outcome =
  /** The list was made and the image is open. */
  | { readonly kind: 'guarded' }
  /** Mainline's check: there is no list, the tables are gone through before every write. */
  | { readonly kind: 'scanned' }
  /** No type is checked: there is no list and nothing is guarded. */
  | { readonly kind: 'off' }
  /**
   * The list could not be made, and the image does not open; `error` in QEMU's words, `needed` the lowest
   * limit (bytes) that makes the list.
   */
  | { readonly kind: 'refused'; readonly error: string; readonly needed: number }
  /** The same, but the image was opened unchecked (our extension). */
  | { readonly kind: 'unchecked'; readonly error: string; readonly needed: number }

/** memUsage in its parts (bytes); they add up to it. */
export interface Budget {
  readonly memUsage: number
  readonly limit: bigint | undefined
  readonly list: number
  readonly windows: number
  readonly slots: number
  readonly bitmaps: number
  readonly fragments: number
  /** On the books, but no longer allocated: the original's accounting defects. */
  readonly drift: number
  /** The highest memUsage of the run. */
  readonly peak: number
  /** The last reservation that was refused, if any. */
  readonly refused: { readonly asked: number; readonly memUsage: number; readonly step: number } | undefined
}

/** What mainline's check had to do. */
export interface ScanFigures {
  /** Checks made. */
  readonly checks: number
  /** Ranges and table entries looked at. */
  readonly comparisons: number
  /** Snapshot L1 tables read from the file, and their bytes. */
  readonly diskReads: number
  readonly bytesRead: number
}

/** How a window is held. */
export const Held = {
  /** Nothing was recorded in it. */
  nothing: 0,
  fragments: 1,
  /** Its bitmap is in a slot. */
  cached: 2,
  /** Its bitmap is pinned outside the slots, for good. */
  kept: 3,
  /** Its bitmap was refused; what it should hold is not all recorded. */
  refused: 4,
} as const

/** The windows of an image (and of the window array where that is longer), in figures. */
export interface WindowFigures {
  readonly count: number
  /** How many windows are held in each way, indexed by Held. */
  readonly held: readonly number[]
  /** Those with metadata of a checked type. */
  readonly withMetadata: number
}

/**
 * Parallel arrays, a row for each window that anything is recorded in, or should be; others hold nothing.
 * Rows are found by lib/window-rows.ts.
 */
export interface WindowTable {
  /** Windows of the image, with a row or without. */
  readonly count: number
  readonly rows: number
  /** Ascending. */
  readonly window: Uint32Array
  readonly held: Uint8Array
  readonly age: Uint32Array
  readonly nbFragments: Uint16Array
  readonly fragmentsArraySize: Uint16Array
  /** Clusters with metadata of a checked type. */
  readonly metadata: Uint16Array
  /** Those of them that a check would not find now: lost ones, and locked-out ones (lib/cells.ts). */
  readonly unguarded: Uint16Array
  /** Those that are not recorded. */
  readonly lost: Uint16Array
}

/** The engine's knowledge against what an unlimited one would know, in clusters. */
export interface Coverage {
  /** Metadata of checked types. */
  readonly metadata: number
  readonly guarded: number
  /** A check would not find it now: lost + lockedOut. */
  readonly unguarded: number
  /** Not recorded, because an entry was refused or fragments were dropped. */
  readonly lost: number
  /** Recorded, but no bitmap can be built to look at. */
  readonly lockedOut: number
  /** Metadata of types that the options leave out. */
  readonly typeNotChecked: number
}

export interface RunReport {
  readonly options: RunOptions
  readonly outcome: Outcome
  readonly budget: Budget
  readonly windows: WindowFigures
  readonly coverage: Coverage
  /** What mainline's check has cost since the image was first opened, and in the last command. */
  readonly scans: { readonly total: ScanFigures; readonly last: ScanFigures }
  /** Clusters of each metadata type, by bit number: [main header, active L1, …]. */
  readonly typeCounts: readonly number[]
  /** Engine calls made. */
  readonly steps: number
  readonly currentAge: number
  /** Events sent. */
  readonly events: number
  /** Rows of the log, repeats folded: events, and missed overlaps. */
  readonly logGroups: number
  /** Whether a window without a bitmap could get one now; false is the lock-out. */
  readonly canBuild: boolean
  /** Writes that went onto metadata unnoticed, since the image was first opened. */
  readonly missedOverlaps: number
  /** Undefined as long as no command was given. */
  readonly live: LiveReport | undefined
}

/** What commands have made of the image. */
export interface LiveReport {
  /** Commands given, wrong ones among them. */
  readonly commands: number
  /** The image was given up: every command answers "No medium found". */
  readonly isClosed: boolean
  /** Why the image cannot be read any more, if it cannot: the picture is then an older one. */
  readonly unreadable: string | undefined
  /** Where the last command went. */
  readonly path: readonly PathPart[]
}

/** A line of commands, and what came of it. */
export interface CommandEntry {
  /** Counts the lines of a session from 0. */
  readonly index: number
  /** As it was typed. */
  readonly text: string
  /** As qemu-io and qemu-img print it. */
  readonly output: readonly string[]
  /** Why the line is none, and what is accepted. */
  readonly error: { readonly message: string; readonly advice: string | undefined } | undefined
  /** Events that it caused. */
  readonly events: number
  /** Writes of it that went onto metadata unnoticed. */
  readonly missed: number
  /** The image was given up because of it. */
  readonly gaveUp: boolean
}

/** A range of host clusters that a command wrote to, or was kept from writing to. */
export interface PathPart {
  readonly start: number
  readonly clusters: number
  readonly kind: 'data' | 'table' | 'refused' | 'missed'
}

/** A row of the event log: the same event, `count` times in a row. */
export interface LogGroup {
  readonly index: number
  readonly firstStep: number
  readonly lastStep: number
  readonly count: number
  /** QEMU's event of the limit, its BLOCK_IMAGE_CORRUPTED, or what only Overlapscope tells: a missed overlap. */
  readonly kind: 'limit' | 'corrupted' | 'missed'
  /** Exactly as QEMU would send it; of a missed overlap, a line in words. */
  readonly json: string
  /** One sentence: which rule, which numbers. */
  readonly why: string
  /** First cluster and number of clusters, where the event names a range. */
  readonly range: { readonly start: number; readonly clusters: number } | undefined
  /** The cluster that the (first) event is about: what could not be recorded, or was written over. */
  readonly cluster: number | undefined
  /** The command that caused it, as it was typed; undefined for the opening. */
  readonly command: string | undefined
}

/** One event inside a folded row. */
export interface LogMember {
  readonly step: number
  readonly json: string
  readonly why: string
  readonly cluster: number | undefined
}

/** How a window's types would be coded, which decides between fragments and a bitmap. */
export interface CodingInspection {
  /** Fragments that say what is recorded now. */
  readonly fragments: number
  /** Size (in fragments) to which the present array would grow for them; undefined: given up, the bitmap is kept. */
  readonly arraySize: number | undefined
  /** The sizes through which an array grows from nothing, up to the last that is smaller than a bitmap. */
  readonly ladder: readonly number[]
}

export interface SlotInspection {
  readonly slot: number
  /** -1: empty. */
  readonly window: number
  /** Ticks since that window was last used. */
  readonly unusedFor: number
  /** False for a window that was refused in v4, and holds the slot without a bitmap. */
  readonly hasBitmap: boolean
}

export interface SlotsInspection {
  readonly count: number
  readonly used: number
  /** In the order of the slots; not all of a large cache. */
  readonly shown: readonly SlotInspection[]
  /** Whether the limit leaves room for another bitmap. */
  readonly canBuild: boolean
  /** Which is given up for the next bitmap; undefined while a slot is empty. */
  readonly next: { readonly slot: number; readonly window: number } | undefined
}

export interface HistoryLine {
  readonly step: number
  readonly kind: HistoryKind
  /** Times in a row that it happened in this step. */
  readonly times: number
  /** "built", "given back as fragments", "refused: 4 096 bytes on top of …" */
  readonly text: string
  /** What the step was. */
  readonly cause: string | undefined
  /** The first cluster that the step was about. */
  readonly cluster: number | undefined
  /** Row of the event log, of a refusal. */
  readonly group: number | undefined
}

export interface HistoryInspection {
  /** How often each happened since the list was made, and all of them together. */
  readonly counts: HistoryCounts
  readonly total: number
  /** How many of them it is still known when. */
  readonly kept: number
  /** Newest first; not all of a long history. */
  readonly lines: readonly HistoryLine[]
}

export interface WindowInspection {
  readonly index: number
  readonly firstCluster: number
  readonly held: number
  readonly age: number
  readonly currentAge: number
  /** Place among the cached windows, 0 being the next to go; -1 when not cached, or while a slot is empty. */
  readonly lruPlace: number
  readonly slot: number
  /** undefined where there is no list; the same goes for its history. */
  readonly slots: SlotsInspection | undefined
  readonly modified: boolean
  readonly nbFragments: number
  readonly fragmentsArraySize: number
  /** What a check would see, as packed runs (overlap/run-arena.ts). */
  readonly runs: Uint32Array
  /** The fragment list, packed likewise; older than `runs` while the bitmap is modified. */
  readonly fragments: Uint32Array
  readonly coding: CodingInspection
  /** Bytes on the books for it; they add up to accountedBytes. */
  readonly account: { readonly struct: number; readonly array: number; readonly bitmap: number }
  readonly accountedBytes: number
  readonly metadata: number
  readonly unguarded: number
  readonly history: HistoryInspection | undefined
  /** One or two sentences: how it is held and why. */
  readonly sentence: string
  /** More of it, with the numbers. */
  readonly why: string | undefined
}

export interface GuardInspection {
  readonly guard: number
  /** Types the engine has recorded for it. */
  readonly recordedTypes: number
  /** Who guards it, or why nobody does. */
  readonly sentence: string
  /** More of it: which step, which numbers. */
  readonly why: string | undefined
  /** The step that entered it, or that lost it. */
  readonly step: number | undefined
  /** Row of the event log that tells of it. */
  readonly group: number | undefined
}

export interface ClusterInspection extends ClusterReport, GuardInspection {
  readonly hostOffset: bigint
  /** How many fields it has; undefined where its bytes have none. */
  readonly fieldCount: number | undefined
  /** The first of its bytes and of its fields. */
  readonly bytes: BytesPage
  readonly fields: readonly StructureField[]
}

/** A part of a cluster's bytes. */
export interface BytesPage {
  readonly bytes: Uint8Array
  /** The (first) field of each byte; empty where there are none. */
  readonly fields: Uint32Array
}

export interface Inspection {
  readonly cluster: ClusterInspection
  readonly window: WindowInspection
}

/** What the page says about an image at a glance. */
export interface ImageSummary {
  readonly name: string
  readonly version: 2 | 3
  readonly virtualSize: bigint
  readonly fileSize: number
  readonly clusterSize: number
  readonly fileClusters: number
  readonly refcountBits: number
  readonly snapshots: readonly string[]
  /** Features worth a word: "extended L2", "LUKS", "backing file base.qcow2" … */
  readonly features: readonly string[]
  readonly problems: readonly { readonly message: string; readonly offset?: bigint }[]
  readonly problemCount: number
  readonly corruptions: number
  readonly leaks: number
  /** Clusters by owner, indexed by OwnerCode. */
  readonly ownerCounts: readonly number[]
  /** Bytes of the source read so far. */
  readonly bytesRead: number
}

/** A node of the tree of structures, as its parent lists it. */
export interface StructureRow {
  /** The steps from the root to it: "l1/3" is what entry 3 of the active L1 table names. */
  readonly id: string
  readonly name: string
  /** What is to be said of it besides, a few words. */
  readonly detail: string
  /** OwnerCode of its clusters; undefined for what has none, such as empty entries. */
  readonly owner: number | undefined
  /** Where it lies in the file, and how long it is, in bytes. */
  readonly offset: bigint | undefined
  readonly length: bigint | undefined
  /** The clusters that it touches, to be shown on the map; undefined where the map has no place for it. */
  readonly clusters: { readonly start: number; readonly count: number } | undefined
  readonly isExpandable: boolean
  /** Clusters of its own that no check would find now. */
  readonly unguarded: number
  /** The same of the tables below it; undefined where that would take reading them. */
  readonly unguardedBelow: number | undefined
  /** What is wrong with it, a few words each. */
  readonly problems: readonly string[]
}

/** Some of a node's children. */
export interface StructurePage {
  readonly node: string
  /** The node's own place among its parent's children; -1 for the root, and for what is not there any more. */
  readonly row: number
  readonly from: number
  /** How many children the node has. */
  readonly total: number
  /** What they come to, a few words. */
  readonly summary: string
  readonly rows: readonly StructureRow[]
}

/** A step of the way to a node: its place among its parent's children, of which there are `total`. */
export interface StructureStep {
  readonly id: string
  readonly row: number
  readonly total: number
}
