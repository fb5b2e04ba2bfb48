/** What a run tells about itself: plain data, made to be posted from the worker to the page. */
import type { EngineVersion } from '../overlap/engine.ts'
import type { OverlapOptions } from '../overlap/options.ts'

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

/** The windows of an image (and of the window array where that is longer), in figures. */
export interface WindowFigures {
  readonly count: number
  /** How many windows are held in each way, indexed by Held. */
  readonly held: readonly number[]
  /** Those with metadata of a checked type. */
  readonly withMetadata: number
  /** Those in which some of that is not recorded. */
  readonly withLost: number
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
