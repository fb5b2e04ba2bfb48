/** `inspect`: an image's header, features, metadata structures, counts and problems. */
import { stringify } from 'lossless-json'
import { gunzipped } from '../disk/gunzip.ts'
import { NodeFileSource } from '../disk/node-file.ts'
import { formatBytes } from '../lib/sizes.ts'
import { UserError } from '../lib/user-error.ts'
import { buildOwnerMap } from '../qcow2/build-owner-map.ts'
import { openImage } from '../qcow2/open-image.ts'
import { openSequence } from '../qcow2/open-sequence.ts'
import { parseArguments } from './arguments.ts'
import { type Command, UsageError } from './command.ts'
import type { Structure } from '../qcow2/structure-list.ts'
import { CSV_LINE_BREAK, csvHead, csvLine, jsonItems } from '../simulation/structure-export.ts'
import { inspectImage, type InspectReport } from './inspect-report.ts'

export const inspectCommand: Command = {
  name: 'inspect',
  usage: 'IMAGE [--json | --csv]',
  summary: 'header, features, every metadata structure, clusters by owner, and what is wrong',
  async run(args, output) {
    const { values, positionals } = parseArguments(args, {
      json: { type: 'boolean' },
      csv: { type: 'boolean' },
    })
    const [file, ...others] = positionals
    if (file === undefined || others.length > 0) throw new UsageError('inspect takes one IMAGE')
    if (values.json && values.csv) throw new UsageError('inspect writes JSON or CSV, not both')
    const report = await inspectFile(file)
    if (values.csv) {
      for (const line of csvLines(report)) output.write(line)
      return
    }
    const lines = values.json ? jsonLines(file, report) : textLines(file, report)
    for (const line of lines) output.write(`${line}\n`)
  },
}

/** @throws UserError naming the file */
export async function inspectFile(file: string): Promise<InspectReport> {
  const source = await NodeFileSource.open(file)
  try {
    const image = await openImage(await gunzipped(source))
    return inspectImage(image, await buildOwnerMap(image), await openSequence(image))
  } catch (error) {
    if (error instanceof UserError && !error.message.startsWith(file))
      throw new UserError(`${file}: ${error.message}`, error)
    throw error
  } finally {
    source.close()
  }
}

/** The report as one JSON object, a line at a time, for an image may have millions of L2 tables. */
export function* jsonLines(file: string, report: InspectReport): Generator<string, void, void> {
  yield `{`
  yield `  "filename": ${stringify(file)},`
  for (const [key, value] of Object.entries(report.facts))
    if (value !== undefined) yield `  ${stringify(key)}: ${indented(value)},`
  yield `  "problem-count": ${report.problemCount},`
  yield `  "problems": [`
  yield* jsonItems(report.problems, '    ')
  yield `  ],`
  yield `  "structures": [`
  yield* jsonItems(report.structures(), '    ')
  yield `  ]`
  yield `}`
}

const indented = (value: unknown): string => (stringify(value, null, 2) ?? 'null').replaceAll('\n', '\n  ')

/** The structures alone, a record each. */
export function* csvLines(report: InspectReport): Generator<string, void, void> {
  yield csvHead(false) + CSV_LINE_BREAK
  for (const structure of report.structures()) yield csvLine(structure, false) + CSV_LINE_BREAK
}

/** The report for people. */
export function* textLines(file: string, report: InspectReport): Generator<string, void, void> {
  yield file
  yield* factLines(report.facts, '  ')
  yield ''
  yield `${'offset'.padStart(18)}  ${'length'.padStart(12)}  type and owner`
  for (const structure of report.structures()) yield structureLine(structure)
  yield ''
  if (report.problemCount === 0) yield 'No problems.'
  else
    yield `${report.problemCount} problems${report.problemCount > report.problems.length ? ', of them' : ''}:`
  for (const { message, offset } of report.problems)
    yield `  ${message}${offset === undefined ? '' : `  (at 0x${offset.toString(16)})`}`
}

function structureLine({ type, offset, length, owner, index, aligned }: Structure): string {
  const place = `0x${offset.toString(16)}`.padStart(18)
  const entry = index === undefined ? '' : ` [${index}]`
  return `${place}  ${formatBytes(length).padStart(12)}  ${type}${entry}, ${owner}${aligned ? '' : ', not aligned'}`
}

function* factLines(facts: object, indent: string): Generator<string, void, void> {
  for (const [key, value] of Object.entries(facts) as [string, unknown][]) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
    if (typeof value !== 'object' || value === null) {
      yield `${indent}${key}: ${factText(key, value)}`
      continue
    }
    yield `${indent}${key}:`
    if (Array.isArray(value)) for (const item of value) yield `${indent}  ${inlineText(item)}`
    else yield* factLines(value, `${indent}  `)
  }
}

function factText(key: string, value: unknown): string {
  if (key.endsWith('offset') && (typeof value === 'bigint' || typeof value === 'number'))
    return `0x${value.toString(16)}`
  if (key.endsWith('size') && key !== 'l1-size' && (typeof value === 'bigint' || typeof value === 'number'))
    return `${value} (${formatBytes(value)})`
  return String(value)
}

const inlineText = (item: unknown): string =>
  typeof item === 'object' && item !== null && !Array.isArray(item)
    ? Object.entries(item as object)
        .filter(([, value]) => value !== undefined)
        .map(
          ([key, value]) =>
            `${key} ${Array.isArray(value) ? value.join(' ') || 'none' : factText(key, value)}`,
        )
        .join(', ')
    : String(item)
