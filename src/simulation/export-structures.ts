/** Writes out every structure of an image with how it is guarded in a run. */
import { stringify } from 'lossless-json'
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import { METADATA_TYPES } from '../lib/metadata-types.ts'
import { OWNERS } from '../lib/owners.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import { StoredRefcounts } from '../qcow2/stored-refcounts.ts'
import { listStructures, type Structure } from '../qcow2/structure-list.ts'
import { countGuards } from './guard-range.ts'
import type { RunOptions } from './report.ts'
import {
  CSV_LINE_BREAK,
  csvHead,
  csvLine,
  type ExportedStructure,
  type ExportFormat,
  type GuardWord,
  jsonItems,
} from './structure-export.ts'
import { problemsOf } from './structure-problems.ts'
import type { GuardFacts } from './window-guards.ts'

export interface StructureExport {
  readonly image: Qcow2Image
  readonly sequence: OpenSequence
  readonly guards: GuardFacts
  /** Who owns the image's clusters, and what is wrong with it. */
  readonly owners: { readonly runs: OwnerRuns; readonly corruptions: number; readonly leaks: number }
  readonly options: RunOptions
  /** How the opening ended, as report.ts names it. */
  readonly outcome: string
}

export interface ExportHooks {
  readonly signal?: CancelSignal | undefined
  /** Structures written; what it returns is awaited. */
  readonly onProgress?: ((done: number, total: number) => void | Promise<void>) | undefined
}

/** Structures in a piece of text. */
const BATCH = 256

/**
 * @returns the text in pieces of some hundred lines
 * @throws Cancelled, DiskError
 */
export async function* exportStructures(
  input: StructureExport,
  format: ExportFormat,
  { signal, onProgress }: ExportHooks = {},
): AsyncGenerator<string, void, void> {
  const { image, sequence } = input
  const refcounts = new StoredRefcounts(image)
  const bitmaps = image.bitmapDirectory
  const total = sequence.count + (image.luksHeader ? 1 : 0) + (bitmaps ? 1 + bitmaps.bitmaps.length : 0)
  const isCsv = format === 'csv'
  yield isCsv ? csvHead(true) + CSV_LINE_BREAK : jsonHead(input)
  let done = 0
  for (const batch of batches(listStructures(image, sequence))) {
    const rows: ExportedStructure[] = []
    for (const structure of batch) {
      throwIfCancelled(signal)
      rows.push(await withRun(input, refcounts, structure))
    }
    // A comma belongs before each but the first, which only the whole knows.
    const comma = done > 0 ? ',\n' : ''
    done += rows.length
    yield isCsv
      ? rows.map(row => csvLine(row, true) + CSV_LINE_BREAK).join('')
      : comma + [...jsonItems(rows, '    ')].join('\n')
    await onProgress?.(done, total)
  }
  if (!isCsv) yield '\n  ]\n}\n'
}

function* batches(structures: Iterable<Structure>): Generator<Structure[], void, void> {
  let batch: Structure[] = []
  for (const structure of structures) {
    batch.push(structure)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function jsonHead({ image, owners, options, outcome }: StructureExport): string {
  const facts = {
    'cluster-size': image.clusterSize,
    'virtual-size': image.header.size,
    'file-size': image.disk.size,
    engine: options.version,
    'checked-types': METADATA_TYPES.filter(({ bit }) => bit & options.checkedTypes).map(
      ({ option }) => option,
    ),
    'total-size-limit': options.totalSizeLimit,
    outcome,
    corruptions: owners.corruptions,
    'leaked-clusters': owners.leaks,
  }
  const lines = Object.entries(facts).map(([key, value]) =>
    value === undefined ? '' : `  ${stringify(key)}: ${stringify(value)},\n`,
  )
  return `{\n${lines.join('')}  "structures": [\n`
}

async function withRun(
  { image, guards, owners, outcome }: StructureExport,
  refcounts: StoredRefcounts,
  structure: Structure,
): Promise<ExportedStructure> {
  const clusterSize = BigInt(image.clusterSize)
  const first = Number(structure.offset / clusterSize)
  const clusters = Number((structure.offset + structure.length - 1n) / clusterSize) - first + 1
  const { lost, lockedOut, guarded } = countGuards(guards, first, clusters)
  const word = lost + lockedOut + guarded > 0 ? worst(lost, lockedOut) : unchecked(structure.type, outcome)
  const range = { start: first, count: clusters }
  const problems = problemsOf(owners.runs, BigInt(image.disk.size), structure.offset, range)
  return {
    ...structure,
    refcount: await refcountOf(refcounts, first),
    ...(word ? { guard: word } : {}),
    'unguarded-clusters': lost + lockedOut,
    ...(problems.length > 0 ? { problems: problems.join(', ') } : {}),
  }
}

/** Structures that follow one another in a list lie near to each other, mostly: a stretch of refcounts serves many. */
async function refcountOf(refcounts: StoredRefcounts, cluster: number): Promise<bigint> {
  if (cluster < refcounts.base || cluster >= refcounts.end) await refcounts.load(cluster)
  const refcount = refcounts.at(cluster)
  return refcount <= Number.MAX_SAFE_INTEGER ? BigInt(refcount) : refcounts.exact(cluster)
}

const worst = (lost: number, lockedOut: number): GuardWord =>
  lost > 0 ? 'not recorded' : lockedOut > 0 ? 'locked out' : 'guarded'

/** Where nothing of it is checked: why, if an engine could check it at all. */
function unchecked(type: string, outcome: string): GuardWord | undefined {
  if (!OWNERS.some(owner => owner.label === type && owner.type !== 0)) return undefined
  return outcome === 'refused' ? 'not opened' : 'not checked'
}
