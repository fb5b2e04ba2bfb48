/** The map in words, for those who hear it. */
import { formatCount } from '../../lib/sizes.ts'
import { OWNERS } from '../../lib/owners.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { guardStyle } from '../../render/guard-style.ts'
import { HELD, HELD_NAMES } from '../../render/map-scene.ts'
import type { Inspection, RunReport } from '../../simulation/report.ts'

/** One cluster: "window 3, cluster 12288, active L2 table, unguarded: not recorded". */
export function describeCluster({ cluster, window }: Inspection, checkedTypes: number): string {
  const owner = OWNERS[cluster.owner]?.label ?? 'unknown'
  const guard = guardStyle(cluster.owner, cluster.guard, checkedTypes)
  const words = [`window ${window.index}`, `cluster ${cluster.cluster}`, owner]
  if (guard.glyph !== '') words.push(guard.label)
  return words.join(', ')
}

/** The whole map, in a few sentences. */
export function describeMap(report: RunReport): string {
  const { windows, coverage, outcome } = report
  const count = windows.count
  const parts = [
    `${formatCount(count)} ${count === 1 ? 'window' : 'windows'} of ${formatCount(WINDOW_CLUSTERS)} clusters, each drawn as a tile of 64 by 64.`,
  ]
  if (outcome.kind === 'refused') parts.push(`The image does not open: ${outcome.error}.`)
  else if (outcome.kind === 'unchecked') parts.push(`The image was opened unchecked: ${outcome.error}.`)
  else if (outcome.kind === 'off') parts.push('No type is checked, so nothing is guarded.')
  else parts.push(describeHeld(windows.held))
  // Nobody can write to an image that does not open: there is nothing to guard it from.
  const unguarded = outcome.kind === 'refused' ? '' : `, ${formatCount(coverage.unguarded)} unguarded`
  parts.push(
    `${formatCount(coverage.metadata)} metadata ${coverage.metadata === 1 ? 'cluster' : 'clusters'} of checked types${unguarded}.`,
  )
  return parts.join(' ')
}

/** @param counts windows by how they are held */
function describeHeld(counts: readonly number[]): string {
  const used = [HELD.refused, HELD.kept, HELD.cached, HELD.fragments, HELD.nothing]
    .filter(state => counts[state])
    .map(state => `${formatCount(counts[state] ?? 0)} ${HELD_NAMES[state]}`)
  return `How they are held: ${used.join(', ')}.`
}

/** The chip over the map; undefined where there is nothing to shout about. */
export function unguardedText({ coverage, outcome }: RunReport): string | undefined {
  const count = coverage.unguarded
  // Nobody can write to an image that does not open.
  if (count === 0 || outcome.kind === 'refused') return undefined
  const subject = count === 1 ? 'metadata cluster' : 'metadata clusters'
  // A longer number leaves no room for more.
  return count < 1000 ? `${count} ${subject} unguarded` : `${formatCount(count)} unguarded`
}
