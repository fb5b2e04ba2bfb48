/** What was found, in words: short ones for the box, whole ones for those who hear them. */
import { findKind } from '../../../lib/find-kinds.ts'
import { formatCount } from '../../../lib/sizes.ts'
import { guestWords } from './guest-words.ts'
import type { FindResult } from './find-store.ts'
import type { Suggestion } from './suggest.ts'

/**
 * "3 of 217": places, as `step` of the kind counts them.
 * @param selected the pinned cluster: away from what was found, only the number of places is still true
 */
export function countText(result: FindResult | undefined, selected: number | undefined): string {
  if (result?.type !== 'kind') return ''
  const { found } = result
  if (!found) return '0'
  if (selected !== found.range.start) return formatCount(found.count)
  const words = `${formatCount(found.ordinal)} of ${formatCount(found.count)}`
  return findKind(result.kind).step === 'cluster' ? words : `stretch ${words}`
}

const clustersText = (clusters: number): string =>
  `${formatCount(clusters)} ${clusters === 1 ? 'cluster' : 'clusters'}`

/** A line of what the box offers. */
export const spokenSuggestion = ({ label, about, clusters }: Suggestion): string =>
  [label, about, clusters === undefined ? '' : clustersText(clusters)].filter(Boolean).join(', ')

/** What the count counts. */
export function countTitle(result: FindResult | undefined): string {
  if (result?.type !== 'kind' || !result.found) return ''
  const { step, label } = findKind(result.kind)
  const { count, clusters } = result.found
  const inAll = clustersText(clusters)
  if (step === 'cluster') return `${label}: ${inAll}, counted one by one`
  return `${label}: ${inAll} in ${formatCount(count)} ${count === 1 ? 'stretch' : 'stretches'}`
}

/** There is none of it. */
export const noneText = (result: FindResult & { readonly type: 'kind' }): string =>
  `This image has no cluster of the kind “${findKind(result.kind).label}”.`

/** Said when something was found. The cluster itself is told by the map (describe.ts). */
export function spokenResult(
  result: FindResult | undefined,
  extent: { readonly clusterSize: number; readonly clusters: number },
): string {
  if (!result || result.type === 'fault') return ''
  if (result.type === 'guest') {
    const { steps, sentence } = guestWords(result.route, extent)
    return `${steps.map(({ text }) => text).join(', ')}. ${sentence}`
  }
  const { found, kind, wrapped, asked } = result
  if (!asked) return ''
  if (!found) return noneText(result)
  const { label, step } = findKind(kind)
  const { start, clusters } = found.range
  const place = `${formatCount(found.ordinal)} of ${formatCount(found.count)}`
  const words =
    step === 'cluster'
      ? [`${label} ${place}`]
      : [
          `${label}, stretch ${place}`,
          clusters === 1 ? `cluster ${start}` : `clusters ${start} to ${start + clusters - 1}`,
          `${formatCount(found.clusters)} in all`,
        ]
  if (wrapped) words.push(found.count === 1 ? 'there is no other' : 'gone round')
  return words.join(', ')
}
