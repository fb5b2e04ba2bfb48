/**
 * The options of driver qcow2 that the overlap check listens to, as QEMU takes them:
 *
 *     "overlap-check": "cached"
 *     "overlap-check": { "template": "cached", "inactive-l2": true }
 *     "overlap-structures": { "bitmap-size": 65536, "total-size-limit": "64k" }
 *
 * Refusals are in QEMU's words (qemu-io 7.2 was asked for those that it has).
 */
import { METADATA_TYPES, TEMPLATES, type TemplateName, type TypeMask } from '../lib/metadata-types.ts'
import { parseSize } from '../lib/sizes.ts'
import { UserError } from '../lib/user-error.ts'

export interface OverlapOptions {
  readonly checkedTypes: TypeMask
  readonly bitmapSize: bigint
  /** undefined: unlimited. */
  readonly totalSizeLimit: bigint | undefined
}

export const DEFAULT_BITMAP_SIZE = 65536n

export const DEFAULT_OVERLAP_OPTIONS: OverlapOptions = {
  checkedTypes: TEMPLATES.cached,
  bitmapSize: DEFAULT_BITMAP_SIZE,
  totalSizeLimit: undefined,
}

/** A JSON value whose integers may be bigints, so that sizes up to 2^63 - 1 arrive exactly. */
type Json = string | number | bigint | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * @param json blockdev options; keys that are not the overlap check's are passed over
 * @throws UserError in QEMU's words
 */
export function parseOverlapOptions(json: { readonly [key: string]: unknown }): OverlapOptions {
  const options = flatten(json as { readonly [key: string]: Json })
  const checkedTypes = parseChecks(options)
  const size = (name: string): bigint | undefined => {
    const value = options.get(`overlap-structures.${name}`)
    return value === undefined ? undefined : parseSizeOption(`overlap-structures.${name}`, value)
  }
  return {
    checkedTypes,
    bitmapSize: size('bitmap-size') ?? DEFAULT_BITMAP_SIZE,
    totalSizeLimit: size('total-size-limit'),
  }
}

/** The same options as they would be given to QEMU, shortest form. */
export function overlapOptionsJson(options: OverlapOptions): { [key: string]: Json } {
  const template = (Object.keys(TEMPLATES) as TemplateName[]).find(
    name => TEMPLATES[name] === options.checkedTypes,
  )
  const structures = {
    'bitmap-size': options.bitmapSize,
    ...(options.totalSizeLimit === undefined ? {} : { 'total-size-limit': options.totalSizeLimit }),
  }
  return {
    'overlap-check': template ?? nearestTemplate(options.checkedTypes),
    'overlap-structures': structures,
  }
}

/** `overlap-check: {…}` becomes `overlap-check.…`, as QEMU flattens it. */
function flatten(json: { readonly [key: string]: Json }): Map<string, Json> {
  const flat = new Map<string, Json>()
  for (const [key, value] of Object.entries(json)) {
    if (!/^overlap-(check|structures)(\.|$)/.test(key)) continue
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [inner, member] of Object.entries(value)) flat.set(`${key}.${inner}`, member)
    else flat.set(key, value)
  }
  for (const key of flat.keys())
    if (!KNOWN.has(key)) throw new UserError(`Block format 'qcow2' does not support the option '${key}'`)
  return flat
}

const KNOWN: ReadonlySet<string> = new Set([
  'overlap-check',
  'overlap-check.template',
  ...METADATA_TYPES.map(({ option }) => `overlap-check.${option}`),
  'overlap-structures.bitmap-size',
  'overlap-structures.total-size-limit',
])

function parseChecks(options: ReadonlyMap<string, Json>): TypeMask {
  const mode = options.get('overlap-check')
  const template = options.get('overlap-check.template')
  if (mode !== undefined && template !== undefined && mode !== template)
    throw new UserError(
      `Conflicting values for qcow2 options 'overlap-check' ('${words(mode)}') and 'overlap-check.template' ('${words(template)}')`,
    )
  let types = parseTemplate(mode ?? template ?? 'cached')
  for (const { option, bit } of METADATA_TYPES) {
    const value = options.get(`overlap-check.${option}`)
    if (value === undefined) continue
    types = parseSwitch(`overlap-check.${option}`, value) ? types | bit : types & ~bit
  }
  return types
}

function parseTemplate(value: Json): TypeMask {
  if (typeof value === 'string' && Object.hasOwn(TEMPLATES, value)) return TEMPLATES[value as TemplateName]
  throw new UserError(
    `Unsupported value '${words(value)}' for qcow2 option 'overlap-check'. ` +
      `Allowed are any of the following: ${Object.keys(TEMPLATES).join(', ')}`,
  )
}

function parseSwitch(name: string, value: Json): boolean {
  if (value === true || value === 'on') return true
  if (value === false || value === 'off') return false
  throw new UserError(`Parameter '${name}' expects 'on' or 'off'`)
}

/** @throws UserError in QEMU's words if the value is not a size */
export function parseSizeOption(name: string, value: Json): bigint {
  if (typeof value === 'string' || typeof value === 'bigint' || Number.isSafeInteger(value)) {
    const text = String(value)
    try {
      return parseSize(text)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (/^\d+$/.test(text))
        throw new UserError(`Value '${text}' is out of range for parameter '${name}'`, {
          advice: 'The largest size is 2^63 - 1.',
        })
    }
  }
  throw new UserError(`Parameter '${name}' expects a non-negative number below 2^64`, {
    advice:
      'Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta- and exabytes, respectively.',
  })
}

/** A value as QEMU prints it after flattening: booleans are on and off. */
function words(value: Json): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The template that needs the fewest switches beside it, and those switches. */
function nearestTemplate(types: TypeMask): { [key: string]: Json } {
  const names = Object.keys(TEMPLATES) as TemplateName[]
  const switches = (name: TemplateName) => METADATA_TYPES.filter(({ bit }) => (TEMPLATES[name] ^ types) & bit)
  const best = names.reduce((a, b) => (switches(b).length < switches(a).length ? b : a))
  return {
    template: best,
    ...Object.fromEntries(switches(best).map(({ option, bit }) => [option, (types & bit) !== 0])),
  }
}
