/** The structures of an image as JSON or CSV, a line a structure, as the page and the headless tool write them. */
import { stringify } from 'lossless-json'
import type { Structure } from '../qcow2/structure-list.ts'

/** A structure, and what becomes of it in a run; the headless `inspect` opens an image under no options. */
export interface ExportedStructure extends Structure {
  /** As stored, of its first cluster. */
  readonly refcount?: bigint
  /** How its clusters are guarded now, the worst of them. */
  readonly guard?: GuardWord
  /** Clusters of it that no check would find now. */
  readonly 'unguarded-clusters'?: number
  /** What is wrong with its clusters, in words. */
  readonly problems?: string
}

export type GuardWord = 'guarded' | 'not recorded' | 'locked out' | 'not checked' | 'not opened'

export type ExportFormat = 'json' | 'csv'

/** Every column there is, in order. JSON leaves out what a structure does not have, CSV leaves it empty. */
const COLUMNS = [
  'type',
  'offset',
  'length',
  'owner',
  'index',
  'aligned',
  'path',
  'guest-offset',
  'guest-length',
  'refcount',
  'guard',
  'unguarded-clusters',
  'problems',
] as const satisfies readonly (keyof ExportedStructure)[]

const RUN_COLUMNS: ReadonlySet<string> = new Set(['refcount', 'guard', 'unguarded-clusters', 'problems'])

/** @param withRun whether the rows tell of a run, too */
export const csvHead = (withRun: boolean): string =>
  COLUMNS.filter(column => withRun || !RUN_COLUMNS.has(column)).join(',')

/** One record of RFC 4180, without the line break (CR LF) that ends it. */
export const csvLine = (structure: ExportedStructure, withRun: boolean): string =>
  COLUMNS.filter(column => withRun || !RUN_COLUMNS.has(column))
    .map(column => csvField(structure[column]))
    .join(',')

export const CSV_LINE_BREAK = '\r\n'

function csvField(value: string | number | bigint | boolean | undefined): string {
  const text = value === undefined ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** An object a line, with commas between them. Integers stand as they are, however large. */
export function* jsonItems(items: Iterable<object>, indent = ''): Generator<string, void, void> {
  let previous: string | undefined
  for (const item of items) {
    if (previous !== undefined) yield `${previous},`
    previous = `${indent}${stringify(item)}`
  }
  if (previous !== undefined) yield previous
}
