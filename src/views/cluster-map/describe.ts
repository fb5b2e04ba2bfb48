/** The map in words, for those who hear it. */
import { formatCount } from '../../lib/sizes.ts'
import { OWNERS, Owner } from '../../lib/owners.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { guardStyle } from '../../render/guard-style.ts'
import { Held } from '../../lib/held.ts'
import { HELD_NAMES, wrongWords } from '../../render/window-hold.ts'
import type { RunFlag } from '../../qcow2/owner-map.ts'
import type { ImageSummary, RunReport } from '../../simulation/report.ts'
import type { ClusterInspection, Inspection, WindowInspection } from '../../simulation/inspection.ts'
import { windowFacts } from '../inspector/facts.ts'

/** RunFlag of qcow2/owner-map.ts, from which only types can be had here. */
const FLAG = {
  claimedTwice: 1,
  refcountWrong: 2,
  inactiveOnly: 4,
  pastEnd: 8,
} as const satisfies typeof RunFlag

/**
 * One cluster, and all that is shown of it under the pointer: "window 3, cluster 12288, active L2 table, unguarded:
 * not recorded, refcount 1, guest offset 0x20000000, window held as fragments".
 * @param isOpen nothing is guarded in an image that does not open, and nothing has to be
 */
export function describeCluster(
  { cluster, window }: Inspection,
  checkedTypes: number,
  isOpen: boolean,
): string {
  const owner = OWNERS[cluster.owner]?.label ?? 'unknown'
  const guard = guardStyle(cluster.owner, cluster.guard, checkedTypes)
  const words = [`window ${window.index}`, `cluster ${cluster.cluster}`, owner]
  if (guard.glyph !== '') words.push(isOpen ? guard.label : 'the image does not open')
  if (cluster.flags & FLAG.claimedTwice) words.push('claimed twice')
  if (cluster.flags & FLAG.pastEnd) words.push('past the end of the file')
  if (cluster.flags & FLAG.inactiveOnly) words.push('in snapshots only')
  words.push(...refcountWords(cluster))
  const guest = cluster.claims.find(claim => claim.guestOffset !== undefined)?.guestOffset
  if (guest !== undefined) words.push(`guest offset 0x${guest.toString(16)}`)
  words.push(...holdWords(window))
  return words.join(', ')
}

/** How a window is held, and what is wrong with that: what its frame says. */
function holdWords(window: WindowInspection): string[] {
  const words = [HELD_WORDS[window.held] ?? '', ...wrongWords(window)].filter(word => word !== '')
  return words.length === 0 ? [] : [`window ${words.join(', ')}`]
}

const HELD_WORDS = ['', 'held as fragments', 'cached', 'kept', 'refused'] as const

/** What is free has no references, and need not be told so. */
function refcountWords({ owner, storedRefcount, computedRefcount }: ClusterInspection): string[] {
  const differs = storedRefcount !== BigInt(computedRefcount)
  if (owner === Owner.free && !differs) return []
  const words = `refcount ${storedRefcount}`
  return [differs ? `${words}, should be ${computedRefcount}` : words]
}

/** A window, in the words of the inspector, and what its drawings show. */
export function describeWindow(window: WindowInspection, clusterSize: number): string {
  const last = window.firstCluster + WINDOW_CLUSTERS - 1
  const facts = windowFacts(window, clusterSize).map(({ name, value, note }) =>
    [`${name}: ${value}`, note].filter(Boolean).join(', '),
  )
  if (window.accountedBytes > 0) {
    const { nbFragments, fragmentsArraySize } = window
    facts.push(`Fragments: ${formatCount(nbFragments)}, of room for ${formatCount(fragmentsArraySize)}`)
    facts.push(`On the books: ${formatCount(window.accountedBytes)} bytes`)
  }
  const head = `Window ${formatCount(window.index)}, clusters ${formatCount(window.firstCluster)} to ${formatCount(last)}.`
  return `${head} ${window.sentence} ${facts.join('; ')}.`
}

/** The whole map, in a few sentences. */
export function describeMap(
  report: RunReport,
  image: Pick<ImageSummary, 'corruptions' | 'leaks'> | undefined,
): string {
  const { windows, coverage, outcome } = report
  const count = windows.count
  const parts = [
    `${formatCount(count)} ${count === 1 ? 'window' : 'windows'} of ${formatCount(WINDOW_CLUSTERS)} clusters, each drawn as a tile of 64 by 64.`,
  ]
  if (outcome.kind === 'refused') parts.push(`The image does not open: ${outcome.error}.`)
  else if (outcome.kind === 'unchecked') parts.push(`The image was opened unchecked: ${outcome.error}.`)
  else if (outcome.kind === 'off') parts.push('No type is checked, so nothing is guarded.')
  else if (report.options.version === 'mainline')
    parts.push('Mainline’s check holds no window: it goes through the tables before every write.')
  else parts.push(describeHeld(windows))
  // Nobody can write to an image that does not open: there is nothing to guard it from.
  const unguarded = outcome.kind === 'refused' ? '' : `, ${formatCount(coverage.unguarded)} unguarded`
  parts.push(
    `${formatCount(coverage.metadata)} metadata ${coverage.metadata === 1 ? 'cluster' : 'clusters'} of checked types${unguarded}.`,
  )
  if (image) parts.push(describeFaults(image))
  return parts.join(' ')
}

/** As `qemu-img check` counts them. */
function describeFaults({ corruptions, leaks }: Pick<ImageSummary, 'corruptions' | 'leaks'>): string {
  if (corruptions === 0 && leaks === 0) return 'No errors and no leaks were found in its tables.'
  const errors = `${formatCount(corruptions)} ${corruptions === 1 ? 'error' : 'errors'}`
  return `Found in its tables: ${errors}, ${formatCount(leaks)} leaked ${leaks === 1 ? 'cluster' : 'clusters'}.`
}

function describeHeld({ held: counts, withLost }: RunReport['windows']): string {
  const used = [Held.refused, Held.kept, Held.cached, Held.fragments, Held.nothing]
    .filter(state => counts[state])
    .map(state => `${formatCount(counts[state] ?? 0)} ${HELD_NAMES[state]}`)
  const lost = withLost > 0 ? `; something is lost in ${formatCount(withLost)}` : ''
  return `How they are held: ${used.join(', ')}${lost}.`
}

/** The chip over the map, "10 metadata clusters unguarded", in its parts; undefined where there is nothing to shout about. */
export function unguardedWords({
  coverage,
  outcome,
}: RunReport): { readonly count: string; readonly subject: string } | undefined {
  const count = coverage.unguarded
  // Nobody can write to an image that does not open.
  if (count === 0 || outcome.kind === 'refused') return undefined
  return { count: formatCount(count), subject: count === 1 ? 'metadata cluster' : 'metadata clusters' }
}
