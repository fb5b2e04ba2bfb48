import { parseSize } from '../lib/sizes.ts'
import { UserError } from '../lib/user-error.ts'
import type { Fill, PlannedSnapshot, Preallocation, Recipe } from './recipe.ts'

const RECIPE_VERSION = 1
const FIELDS = [
  'format',
  'recipeVersion',
  'virtualSize',
  'clusterSize',
  'version',
  'refcountBits',
  'fill',
  'snapshots',
  'preallocation',
  'seed',
]
const PREALLOCATIONS: readonly Preallocation[] = ['off', 'metadata', 'falloc']
const FILL_FIELDS: Readonly<Record<Fill['pattern'], readonly string[]>> = {
  empty: [],
  sequential: ['share'],
  random: ['share'],
  'every-nth': ['n'],
  'hot-spots': ['share', 'spots'],
}

type Fields = Readonly<Record<string, unknown>>

const show = (value: unknown): string => JSON.stringify(value) ?? String(value)

const refuse = (field: string, value: unknown, accepted: string): UserError =>
  new UserError(
    value === undefined ? `The recipe lacks "${field}"` : `The recipe's "${field}" is ${show(value)}`,
    { advice: `"${field}" takes ${accepted}.` },
  )

/**
 * Reads a recipe. What may be left out takes QEMU's default: clusterSize 64k, version 3, refcountBits 16,
 * no fill, no snapshots, preallocation off; and seed 0. Whether the numbers go together as an image is
 * the business of `geometryOf`.
 * @param json what JSON.parse gave
 * @throws UserError naming the field, the value given and what is accepted
 */
export function parseRecipe(json: unknown): Recipe {
  const fields = objectOf(json, 'recipe')
  if (fields['format'] !== 'overlapscope-recipe')
    throw refuse('format', fields['format'], '"overlapscope-recipe": it tells a recipe from other JSON')
  if (fields['recipeVersion'] !== RECIPE_VERSION)
    throw new UserError(`This program does not know recipeVersion ${show(fields['recipeVersion'])}`, {
      advice: `It knows recipeVersion ${RECIPE_VERSION}. A newer recipe needs a newer Overlapscope.`,
    })
  refuseUnknown(fields, FIELDS, 'recipe')
  const { version = 3, preallocation = 'off', snapshots = [] } = fields
  if (version !== 2 && version !== 3) throw refuse('version', version, '2 or 3')
  if (!PREALLOCATIONS.includes(preallocation as Preallocation))
    throw refuse('preallocation', preallocation, '"off", "metadata" or "falloc"')
  if (!Array.isArray(snapshots))
    throw refuse('snapshots', snapshots, 'a list, such as [{"name": "monday", "at": 0.5}]')
  return {
    format: 'overlapscope-recipe',
    recipeVersion: RECIPE_VERSION,
    virtualSize: sizeOf(fields, 'virtualSize', undefined),
    clusterSize: sizeOf(fields, 'clusterSize', 65536),
    version,
    refcountBits: integerOf(fields, 'refcountBits', 1, 64, 16),
    fill: fillOf(fields['fill'] ?? { pattern: 'empty' }),
    snapshots: snapshots.map(snapshotOf),
    preallocation: preallocation as Preallocation,
    seed: integerOf(fields, 'seed', 0, 0xffffffff, 0),
  }
}

function objectOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`The ${what} is ${show(value)}`, { advice: `A ${what} is a JSON object: { … }.` })
  return value as Fields
}

function refuseUnknown(fields: Fields, known: readonly string[], what: string): void {
  const unknown = Object.keys(fields).find(field => !known.includes(field))
  if (unknown !== undefined)
    throw new UserError(`The ${what} has an unknown field "${unknown}"`, {
      advice: `Known fields are: ${known.join(', ')}.`,
    })
}

function sizeOf(fields: Fields, field: string, preset: number | undefined): number | string {
  const value = fields[field] ?? preset
  const accepted = 'bytes as a whole number, or a string with a suffix k, M, G, T, P or E, such as "64k"'
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  if (typeof value !== 'string') throw refuse(field, value, accepted)
  try {
    parseSize(value)
  } catch (error) {
    if (error instanceof UserError) throw refuse(field, value, accepted)
    throw error
  }
  return value
}

function integerOf(fields: Fields, field: string, min: number, max: number, preset?: number): number {
  const value = fields[field] ?? preset
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw refuse(field, value, `a whole number from ${min} to ${max}`)
}

function shareOf(fields: Fields, field: string): number {
  const value = fields[field]
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  throw refuse(field, value, 'a part of the whole, from 0 to 1')
}

function fillOf(value: unknown): Fill {
  const fields = objectOf(value, 'fill')
  const pattern = fields['pattern'] as Fill['pattern']
  if (typeof pattern !== 'string' || !Object.hasOwn(FILL_FIELDS, pattern))
    throw refuse('pattern', pattern, `one of ${Object.keys(FILL_FIELDS).map(show).join(', ')}`)
  refuseUnknown(fields, ['pattern', ...FILL_FIELDS[pattern]], `fill "${pattern}"`)
  switch (pattern) {
    case 'empty':
      return { pattern }
    case 'sequential':
    case 'random':
      return { pattern, share: shareOf(fields, 'share') }
    case 'every-nth':
      return { pattern, n: integerOf(fields, 'n', 1, 2 ** 40) }
    case 'hot-spots':
      return { pattern, share: shareOf(fields, 'share'), spots: integerOf(fields, 'spots', 1, 65536) }
  }
}

function snapshotOf(value: unknown): PlannedSnapshot {
  const fields = objectOf(value, 'snapshot')
  refuseUnknown(fields, ['name', 'at'], 'snapshot')
  const name = fields['name']
  // QEMU's own limit on a snapshot's name is 255 bytes; outside ASCII a character may be four of them.
  if (typeof name !== 'string' || !/^[ -~]{1,255}$/.test(name))
    throw refuse('name', name, 'up to 255 printable ASCII characters, and at least one')
  return { name, at: shareOf(fields, 'at') }
}
