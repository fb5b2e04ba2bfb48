/**
 * Options of an image that is opened again with some of them changed. A new template drops the switches of single
 * types that were given before, as in QEMU.
 * @param before, changed blockdev options in any form that parseOverlapOptions takes
 * @returns options for parseOverlapOptions
 */
export function reopenOptions(
  before: { readonly [key: string]: unknown },
  changed: { readonly [key: string]: unknown },
): { [key: string]: unknown } {
  const dropsChecks = Object.keys(changed).some(isTemplate)
  const kept = Object.entries(flattened(before)).filter(
    ([key]) => !(dropsChecks && key.startsWith('overlap-check')),
  )
  return { ...Object.fromEntries(kept), ...flattened(changed) }
}

/** `a: { b: 1 }` as `a.b: 1`, as QEMU flattens options. */
function flattened(options: { readonly [key: string]: unknown }): { [key: string]: unknown } {
  const flat: { [key: string]: unknown } = {}
  for (const [key, value] of Object.entries(options))
    if (typeof value !== 'object' || value === null) flat[key] = value
    else for (const [inner, member] of Object.entries(value)) flat[`${key}.${inner}`] = member
  return flat
}

const isTemplate = (key: string): boolean => /^overlap-check(\.template)?$/.test(key)
