import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../lib/user-error.ts'
import type { RunOptions } from '../simulation/report.ts'
import { parseRecipe } from '../worker/catalogue.ts'
import { DEFAULT_OPTIONS } from '../worker/catalogue.ts'
import { formatLink, type LinkedState, parseLink } from './url-state.ts'

const size = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n })
const options: fc.Arbitrary<RunOptions> = fc.record({
  checkedTypes: fc.integer({ min: 0, max: 255 }),
  bitmapSize: size,
  totalSizeLimit: fc.option(size, { nil: undefined }),
  version: fc.constantFrom('v6', 'v4', 'mainline'),
  device: fc.string(),
  nodeName: fc.string(),
  openUnchecked: fc.boolean(),
})
const recipe = parseRecipe({
  format: 'overlapscope-recipe',
  recipeVersion: 1,
  virtualSize: '1T',
  clusterSize: '4k',
  fill: { pattern: 'hot-spots', share: 0.25, spots: 3 },
  snapshots: [{ name: 'a & b, 100% = c', at: 0.5 }],
})
const choice: fc.Arbitrary<LinkedState['choice']> = fc.oneof(
  fc.string({ minLength: 1 }).map(id => ({ kind: 'scenario' as const, id })),
  fc.constant({ kind: 'sample' as const, name: 'v2.qcow2.gz', url: 'samples/v2.qcow2.gz' }),
  fc.string({ minLength: 1 }).map(name => ({ kind: 'recipe' as const, name, recipe })),
)

describe('a link', () => {
  it('reproduces every image and every set of options', () => {
    fc.assert(
      fc.property(choice, options, (image, opts) => {
        const state = { choice: image, options: opts }
        expect(parseLink(`#${formatLink(state)}`)).toEqual(state)
      }),
    )
  })

  it('can be read by people', () => {
    const link = formatLink({
      choice: { kind: 'scenario', id: 'event-of-the-patch' },
      options: { ...DEFAULT_OPTIONS, checkedTypes: 255 ^ 4, totalSizeLimit: 4380n },
    })
    expect(link).toBe(
      'v=1&scenario=event-of-the-patch&check=all,-active-l2&bitmap-size=65536&limit=4380&engine=v6&device=virtio0',
    )
  })

  it('without options leaves them to the image', () => {
    expect(parseLink('#v=1&scenario=x')).toEqual({ choice: { kind: 'scenario', id: 'x' } })
  })

  it('falls back field by field', () => {
    expect(parseLink('#v=1&scenario=x&check=all&limit=64k')?.options).toEqual({
      ...DEFAULT_OPTIONS,
      checkedTypes: 255,
      totalSizeLimit: 65536n,
      device: '',
    })
  })

  it('that is empty is none', () => {
    expect(parseLink('')).toBeUndefined()
    expect(parseLink('#')).toBeUndefined()
  })

  it.each([
    ['scenario=x', 'version'],
    ['v=2&scenario=x', 'version 2'],
    ['v=1', 'names no image'],
    ['v=1&sample=../../etc/passwd', '"sample"'],
    ['v=1&sample=https://example.org/a', '"sample"'],
    ['v=1&recipe={', '"recipe"'],
    ['v=1&recipe={}', '"format"'],
    ['v=1&scenario=x&check=some', '"check"'],
    ['v=1&scenario=x&check=all,-l5', '"check"'],
    ['v=1&scenario=x&check=toString', '"check"'],
    [
      'v=1&scenario=x&check=all&limit=1Q',
      'its field "limit" is "1Q". Give bytes, or a number with one of the suffixes',
    ],
    [
      'v=1&scenario=x&check=all&bitmap-size=16E',
      'its field "bitmap-size" is "16E". It must be between 0 and',
    ],
    ['v=1&scenario=x&check=all&engine=v5', '"engine"'],
  ])('%s is refused with a reason', (link, reason) => {
    const refusal = refusalOf(link)
    expect(refusal).toBeInstanceOf(UserError)
    expect(`${refusal?.message} ${refusal?.advice}`).toContain(reason)
  })
})

function refusalOf(link: string): UserError | undefined {
  try {
    parseLink(link)
    return undefined
  } catch (error) {
    return error as UserError
  }
}
