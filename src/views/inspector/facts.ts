/** The inspector's rows: a name, a value, and whether the value is what QEMU would print. */
import { formatBytes, formatCount, formatOffset } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { Held } from '../../lib/held.ts'
import { HELD_NAMES, wrongWords } from '../../render/window-hold.ts'
import type { RefcountPlace } from '../../qcow2/claim-pointers.ts'
import type { Claim } from '../../qcow2/owner-map.ts'
import type { ClusterInspection, WindowInspection } from '../../simulation/inspection.ts'

export interface Fact {
  readonly name: string
  readonly value: string
  /** A second thought on the value, said more quietly. */
  readonly note?: string
  readonly mono?: boolean
  /** Whether the note tells of something wrong with the image. */
  readonly fault?: boolean
  /** A host offset that the value is a link to. */
  readonly target?: bigint
  /** Something that people take elsewhere. */
  readonly copyable?: boolean
}

/** Host or guest offset: hexadecimal, and in units. */
const offsetFact = (name: string, offset: bigint): Fact => ({
  copyable: true,
  name,
  value: `0x${offset.toString(16)}`,
  note: offset < 1024n ? '' : formatBytes(offset),
  mono: true,
})

/** What is asked most comes first: the host offset is the end of the paths above, too. */
export function clusterFacts(cluster: ClusterInspection): Fact[] {
  const { claims, storedRefcount, computedRefcount } = cluster
  const differs = storedRefcount !== BigInt(computedRefcount)
  const guest = claims.find(claim => claim.guestOffset !== undefined)?.guestOffset
  const entry = claims.find(isOfActiveEntry) ?? claims.find(claim => claim.copied !== undefined)
  return [
    {
      name: 'Refcount',
      value: formatCount(storedRefcount),
      note: differs ? `should be ${formatCount(computedRefcount)}` : 'as computed',
      mono: true,
      fault: differs,
    },
    ...(entry ? [copiedFact(entry, storedRefcount)] : []),
    ...(guest === undefined ? [] : [offsetFact('Guest offset', guest)]),
    offsetFact('Host offset', cluster.hostOffset),
    refcountPlaceFact(cluster.refcountPlace),
  ]
}

/** In which block, and where in it, the refcount stands. */
function refcountPlaceFact({ tableIndex, tableEntry, block, index, offset }: RefcountPlace): Fact {
  const name = 'Counted in'
  const entry = `refcount table[${formatCount(tableIndex)}]`
  if (tableEntry === undefined) return { name, value: 'nowhere', note: `${entry} is past the table’s end` }
  if (block === undefined || offset === undefined)
    return { name, value: entry, target: tableEntry, note: 'no block: 0' }
  return {
    name,
    value: `block 0x${block.toString(16)}, entry ${formatCount(index)}`,
    target: offset,
    mono: true,
  }
}

const isOfActiveEntry = ({ copied, snapshot }: Claim): boolean =>
  copied !== undefined && snapshot === undefined

/** What an entry's flag claims, and whether that is so. In snapshots' tables it says nothing: it is left as it was. */
function copiedFact({ copied, snapshot }: Claim, storedRefcount: bigint): Fact {
  const fact = { name: 'COPIED flag', value: copied ? 'set' : 'clear' }
  if (snapshot !== undefined) return { ...fact, note: 'in a snapshot’s table' }
  const claim = copied ? 'claims refcount 1' : 'claims refcount is not 1'
  const fault = copied !== (storedRefcount === 1n)
  return { ...fact, note: fault ? `${claim}: false` : claim, fault }
}

/** A window of the image, and how the engine holds it. */
export function windowFacts(window: WindowInspection, clusterSize: number): Fact[] {
  const bytes = BigInt(WINDOW_CLUSTERS) * BigInt(clusterSize)
  const start = BigInt(window.index) * bytes
  const facts: Fact[] = [
    { name: 'Range', value: `${formatOffset(start)} to ${formatOffset(start + bytes)}`, mono: true },
    { name: 'Metadata', value: formatCount(window.metadata), note: unguardedNote(window) },
  ]
  // Nothing on the books: there is no list, or the window array ends before it.
  if (window.accountedBytes === 0) return facts
  return [
    ...facts,
    { name: 'Held as', value: heldText(window), note: wrongWords(window).join(', '), fault: true },
    ...ageFacts(window),
  ]
}

const unguardedNote = ({ metadata, unguarded }: WindowInspection): string => {
  if (metadata === 0) return ''
  return `of checked types, ${unguarded === 0 ? 'all guarded' : `${formatCount(unguarded)} unguarded`}`
}

function heldText({ held, slot, modified }: WindowInspection): string {
  const name = HELD_NAMES[held] ?? HELD_NAMES[0]
  if (slot < 0) return name
  return `bitmap in slot ${formatCount(slot)}${modified ? ', modified' : ''}`
}

/** When it was last used, by the engine's clock, which is 32 bits wide and wraps; and what comes of that. */
function ageFacts({ held, age, lruPlace, currentAge }: WindowInspection): Fact[] {
  if (held === Held.nothing && age === 0) return []
  const ticks = (currentAge - age) >>> 0
  const note = `last used ${formatCount(ticks)} ${ticks === 1 ? 'tick' : 'ticks'} ago`
  const facts: Fact[] = [{ name: 'Age', value: formatCount(age), note, mono: true }]
  // Without a place, as while a slot is empty, nothing is to be given up.
  if (lruPlace >= 0)
    facts.push({
      name: 'To be given up',
      value:
        lruPlace === 0 ? 'next' : `after ${formatCount(lruPlace)} ${lruPlace === 1 ? 'other' : 'others'}`,
    })
  return facts
}
