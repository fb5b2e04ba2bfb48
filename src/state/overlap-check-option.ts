/** A set of checked types the way QEMU's option `overlap-check` puts it: a template and what differs from it. */
import { METADATA_TYPES, TEMPLATES, type TemplateName, type TypeMask } from '../lib/metadata-types.ts'

export interface OverlapCheckOption {
  readonly template: TemplateName
  /** `overlap-check.OPTION` = on or off, in the order of the types' bits. */
  readonly overrides: readonly { readonly option: string; readonly on: boolean }[]
}

/** QEMU's default first, so that it wins a tie; then from little to much. */
const TEMPLATE_ORDER = ['cached', 'none', 'constant', 'all'] as const satisfies TemplateName[]

/** @returns the template from which the fewest types differ, and those that do */
export function overlapCheckOption(types: TypeMask): OverlapCheckOption {
  const candidates = TEMPLATE_ORDER.map(template => ({ template, overrides: overridesOf(template, types) }))
  return candidates.reduce((best, next) => (next.overrides.length < best.overrides.length ? next : best))
}

/** @returns the template that is exactly these types; undefined if none is */
export function templateOf(types: TypeMask): TemplateName | undefined {
  return TEMPLATE_ORDER.find(template => TEMPLATES[template] === types)
}

function overridesOf(template: TemplateName, types: TypeMask): OverlapCheckOption['overrides'] {
  const different = TEMPLATES[template] ^ types
  return METADATA_TYPES.filter(type => different & type.bit).map(({ option, bit }) => ({
    option,
    on: (types & bit) !== 0,
  }))
}
