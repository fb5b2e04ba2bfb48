/** The feature name table: what an image calls the feature bits it uses. */
import { ExtensionMagic } from './extension-magic.ts'
import { FEATURE_TYPES, type Feature } from './features.ts'
import { cString, viewOf } from './read-at.ts'

const ENTRY_LENGTH = 48

/**
 * @returns the names in the extension's data, up to the first empty one, as QEMU reads them; entries of
 *   unknown types are left out
 */
export function decodeFeatureNames(data: Uint8Array): Feature[] {
  const features: Feature[] = []
  for (let offset = 0; offset + 2 < data.length; offset += ENTRY_LENGTH) {
    const type = FEATURE_TYPES[data[offset] ?? 0]
    const bit = data[offset + 1] ?? 0
    const name = cString(data.subarray(offset + 2, offset + ENTRY_LENGTH))
    if (name === '') break
    if (type) features.push({ type, bit, name })
  }
  return features
}

/**
 * Finds the name table of an image that will not be opened, so that its refusal can name the features.
 * Errors among the extensions only end the search.
 * @param start where the first extension stands
 * @param end where extensions end at the latest
 */
export function featureNames(cluster: Uint8Array, start: number, end: number): Feature[] {
  const view = viewOf(cluster)
  let names: Feature[] = []
  for (let offset = start; offset + 8 <= end; ) {
    const magic = view.getUint32(offset)
    const length = view.getUint32(offset + 4)
    if (magic === ExtensionMagic.end || length > end - offset - 8) break
    const data = cluster.subarray(offset + 8, offset + 8 + length)
    if (magic === ExtensionMagic.featureNames) names = decodeFeatureNames(data)
    offset += 8 + Math.ceil(length / 8) * 8
  }
  return names
}

/** @returns the unknown incompatible features as QEMU lists them: names first, then a mask of the rest */
export function unknownFeatures(mask: bigint, names: readonly Feature[]): string {
  let rest = mask
  const known: string[] = []
  for (const { type, bit, name } of names)
    if (type === 'incompatible' && bit < 64 && rest & (1n << BigInt(bit))) {
      known.push(name)
      rest &= ~(1n << BigInt(bit))
    }
  if (rest) known.push(`Unknown incompatible feature: ${rest.toString(16)}`)
  return known.join(', ')
}
