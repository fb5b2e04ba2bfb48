/**
 * What the page shows, as the part of its address after the #, so that a link reproduces it. Nothing of
 * it is ever sent anywhere: a browser keeps that part to itself.
 *
 *     #v=1&scenario=event-of-the-patch&check=cached&bitmap-size=65536&limit=4380&engine=v6&device=virtio0
 */
import { METADATA_TYPES, TEMPLATES, type TemplateName, type TypeMask } from '../lib/metadata-types.ts'
import { parseSize } from '../lib/sizes.ts'
import { UserError } from '../lib/user-error.ts'
import type { RunOptions } from '../simulation/report.ts'
import { parseRecipe } from '../worker/catalogue.ts'
import type { ImageChoice } from '../worker/protocol.ts'
import { DEFAULT_OPTIONS } from '../worker/catalogue.ts'
import { overlapCheckOption } from './overlap-check-option.ts'

/** Raised when the meaning of a field changes. */
const VERSION = '1'

/** What a link can tell: never a file, whose bytes only this browser has. */
export interface LinkedState {
  readonly choice: Exclude<ImageChoice, { kind: 'file' }>
  /** Left out: the image's own, or QEMU's defaults. */
  readonly options?: RunOptions
}

/** @returns the state as a fragment, without its # */
export function formatLink({ choice, options }: LinkedState): string {
  const fields = new URLSearchParams({ v: VERSION })
  if (choice.kind === 'scenario') fields.set('scenario', choice.id)
  if (choice.kind === 'sample') fields.set('sample', choice.url)
  if (choice.kind === 'recipe') {
    fields.set('recipe', JSON.stringify(choice.recipe))
    fields.set('name', choice.name)
  }
  if (options) setOptions(fields, options)
  // Commas are fine in a fragment, and a link is read by people too.
  return fields.toString().replaceAll('%2C', ',')
}

/**
 * @param fragment with or without its #
 * @returns undefined where it is empty
 * @throws UserError where it cannot be understood
 */
export function parseLink(fragment: string): LinkedState | undefined {
  const text = fragment.replace(/^#/, '')
  if (text === '') return undefined
  const fields = new URLSearchParams(text)
  const version = fields.get('v')
  if (version !== VERSION)
    throw new UserError(
      `This link is of version ${version ?? '"none"'}, and this page knows version ${VERSION}.`,
      {
        advice:
          'Ask for a link made by this version of Overlapscope, or open the image and set its options here.',
      },
    )
  const options = optionsIn(fields)
  return { choice: choiceIn(fields), ...(options ? { options } : {}) }
}

function choiceIn(fields: URLSearchParams): LinkedState['choice'] {
  const scenario = fields.get('scenario')
  if (scenario !== null) return { kind: 'scenario', id: scenario }
  const sample = fields.get('sample')
  if (sample !== null) {
    // A link must not make the page read anything but the samples beside it.
    if (!/^samples\/[\w.-]+$/.test(sample)) throw faulty('sample', sample, 'the name of a bundled sample')
    return { kind: 'sample', name: sample.slice('samples/'.length), url: sample }
  }
  const recipe = fields.get('recipe')
  if (recipe !== null) {
    let json: unknown
    try {
      json = JSON.parse(recipe)
    } catch {
      throw faulty('recipe', recipe, 'a recipe in JSON')
    }
    return { kind: 'recipe', name: fields.get('name') ?? 'From a link', recipe: parseRecipe(json) }
  }
  throw new UserError('This link names no image.', { advice: 'It needs one of scenario, sample and recipe.' })
}

function setOptions(fields: URLSearchParams, options: RunOptions): void {
  const { template, overrides } = overlapCheckOption(options.checkedTypes)
  fields.set(
    'check',
    [template, ...overrides.map(({ option, on }) => (on ? option : `-${option}`))].join(','),
  )
  fields.set('bitmap-size', String(options.bitmapSize))
  fields.set('limit', options.totalSizeLimit === undefined ? 'unlimited' : String(options.totalSizeLimit))
  fields.set('engine', options.version)
  fields.set('device', options.device)
  if (options.nodeName !== '') fields.set('node-name', options.nodeName)
  if (options.openUnchecked) fields.set('unchecked', '1')
}

/** Each field has a fallback of its own; a link without any of them has no options at all. */
function optionsIn(fields: URLSearchParams): RunOptions | undefined {
  const check = fields.get('check')
  if (check === null) return undefined
  const limit = fields.get('limit') ?? 'unlimited'
  const version = fields.get('engine') ?? DEFAULT_OPTIONS.version
  if (version !== 'v6' && version !== 'v4' && version !== 'mainline')
    throw faulty('engine', version, 'v6, v4 or mainline')
  return {
    checkedTypes: typesIn(check),
    bitmapSize: sizeIn('bitmap-size', fields.get('bitmap-size') ?? String(DEFAULT_OPTIONS.bitmapSize)),
    totalSizeLimit: limit === 'unlimited' ? undefined : sizeIn('limit', limit),
    version,
    device: fields.get('device') ?? '',
    nodeName: fields.get('node-name') ?? '',
    openUnchecked: fields.get('unchecked') === '1',
  }
}

/** Says which field it was, and in parseSize's words what it takes. */
function sizeIn(field: string, text: string): bigint {
  try {
    return parseSize(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(faultIn(field, text), error.advice === undefined ? {} : { advice: error.advice })
  }
}

function typesIn(check: string): TypeMask {
  const [template = '', ...overrides] = check.split(',')
  if (!Object.hasOwn(TEMPLATES, template)) throw faulty('check', template, Object.keys(TEMPLATES).join(', '))
  return overrides.reduce<TypeMask>(
    (types, override) => {
      const type = METADATA_TYPES.find(({ option }) => option === override.replace(/^-/, ''))
      if (!type) throw faulty('check', override, METADATA_TYPES.map(({ option }) => option).join(', '))
      return override.startsWith('-') ? types & ~type.bit : types | type.bit
    },
    TEMPLATES[template as TemplateName],
  )
}

const faultIn = (field: string, value: string): string =>
  `This link cannot be understood: its field "${field}" is "${value}".`

const faulty = (field: string, value: string, accepted: string) =>
  new UserError(faultIn(field, value), { advice: `It must be ${accepted}.` })
