/** What there is to say of one cluster and of the window around it: plain data, made to be posted from the worker to the page. */
import type { StructureField } from '../qcow2/fields/field.ts'
import type { ClusterReport } from '../qcow2/owner-map.ts'
import type { HistoryCounts, HistoryKind } from './window-history.ts'

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
  /** Those of them that the list has not recorded; 0 where there is no list. */
  readonly lost: number
  /** Those that it has, but that no check finds now; 0 likewise. */
  readonly lockedOut: number
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
