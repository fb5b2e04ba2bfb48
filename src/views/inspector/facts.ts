/** The inspector's rows: a name, a value, and whether the value is what QEMU would print. */
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { HELD_NAMES } from '../../render/map-scene.ts'
import type { ClusterInspection, RunReport, WindowInspection } from '../../simulation/report.ts'

export interface Fact {
  readonly name: string
  readonly value: string
  /** A second thought on the value, said more quietly. */
  readonly note?: string
  readonly mono?: boolean
}

/** Host or guest offset: hexadecimal, and in units. */
const offsetFact = (name: string, offset: bigint): Fact => ({
  name,
  value: `0x${offset.toString(16)}`,
  note: offset < 1024n ? '' : formatBytes(offset),
  mono: true,
})

export function clusterFacts(cluster: ClusterInspection): Fact[] {
  const { claims, storedRefcount, computedRefcount } = cluster
  const facts = [offsetFact('Host offset', cluster.hostOffset)]
  const guest = claims.find(claim => claim.guestOffset !== undefined)?.guestOffset
  if (guest !== undefined) facts.push(offsetFact('Guest offset', guest))
  const differs = storedRefcount !== BigInt(computedRefcount)
  facts.push({
    name: 'Refcount',
    value: formatCount(storedRefcount),
    note: differs ? `should be ${formatCount(computedRefcount)}` : 'as computed',
    mono: true,
  })
  const copied = claims.find(claim => claim.copied !== undefined)?.copied
  if (copied !== undefined)
    facts.push({ name: 'COPIED flag', value: copied ? 'set' : 'clear', note: copied ? 'refcount is 1' : '' })
  return facts
}

/** A window of the image, and how the engine holds it. */
export function windowFacts(window: WindowInspection, clusterSize: number, report: RunReport): Fact[] {
  const bytes = BigInt(WINDOW_CLUSTERS) * BigInt(clusterSize)
  const start = BigInt(window.index) * bytes
  const facts: Fact[] = [
    { name: 'Range', value: `${formatBytes(start)} to ${formatBytes(start + bytes)}`, mono: true },
    { name: 'Metadata', value: formatCount(window.metadata), note: unguardedNote(window) },
  ]
  if (report.outcome.kind !== 'guarded') return facts
  return [
    ...facts,
    { name: 'Held as', value: heldText(window) },
    {
      name: 'Fragments',
      value: formatCount(window.nbFragments),
      note: `of room for ${formatCount(window.fragmentsArraySize)}`,
      mono: true,
    },
    {
      name: 'Age',
      value: formatCount((report.currentAge - window.age) >>> 0),
      note: lruNote(window),
      mono: true,
    },
    { name: 'On the books', value: `${formatCount(window.accountedBytes)} B`, mono: true },
  ]
}

const unguardedNote = ({ metadata, unguarded }: WindowInspection): string => {
  if (metadata === 0) return ''
  return unguarded === 0 ? 'all guarded' : `${formatCount(unguarded)} unguarded`
}

function heldText({ held, slot, modified }: WindowInspection): string {
  const name = HELD_NAMES[held] ?? HELD_NAMES[0]
  if (slot < 0) return name
  return `bitmap in slot ${formatCount(slot)}${modified ? ', modified' : ''}`
}

function lruNote({ lruPlace, slot }: WindowInspection): string {
  if (slot < 0) return 'ticks'
  return lruPlace === 0 ? 'ticks, next to go' : `ticks, ${formatCount(lruPlace)} to go before it`
}
