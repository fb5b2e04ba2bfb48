import { describe, expect, it } from 'vitest'
import { Owner } from '../../lib/owners.ts'
import type { ClusterInspection, WindowInspection } from '../../simulation/inspection.ts'
import { clusterFacts, windowFacts } from './facts.ts'

const cluster: ClusterInspection = {
  cluster: 12288,
  hostOffset: 0x30000000n,
  owner: Owner.activeL2,
  flags: 0,
  claims: [
    { owner: Owner.activeL2, path: ['header', 'L1[1]'], pointers: [], guestOffset: 1n << 29n, copied: true },
  ],
  storedRefcount: 1n,
  refcountPlace: { tableIndex: 0, tableEntry: 0x10000n, block: 0x20000n, index: 12288, offset: 0x26000n },
  computedRefcount: 1,
  guard: 2,
  recordedTypes: 0,
  sentence: '',
  why: undefined,
  step: undefined,
  group: undefined,
  fieldCount: undefined,
  fields: [],
  bytes: { bytes: new Uint8Array(), fields: new Uint32Array() },
}

const window: WindowInspection = {
  index: 3,
  firstCluster: 12288,
  held: 2,
  age: 0xffffffff,
  currentAge: 4,
  slots: undefined,
  runs: new Uint32Array(),
  fragments: new Uint32Array(),
  coding: { fragments: 3, arraySize: 4, ladder: [1, 2, 4] },
  account: { struct: 32, array: 16, bitmap: 4096 },
  history: undefined,
  lruPlace: 0,
  slot: 5,
  modified: true,
  nbFragments: 3,
  fragmentsArraySize: 4,
  accountedBytes: 4144,
  metadata: 2,
  unguarded: 1,
  lost: 0,
  lockedOut: 0,
  sentence: '',
  why: undefined,
}

const valueOf = (facts: readonly { name: string; value: string; note?: string }[], name: string) => {
  const fact = facts.find(each => each.name === name)
  return fact && `${fact.value}|${fact.note ?? ''}`
}

function copied(storedRefcount: bigint, claim: Partial<ClusterInspection['claims'][number]>) {
  const claims = cluster.claims.map(each => ({ ...each, ...claim }))
  const facts = clusterFacts({ ...cluster, claims, storedRefcount })
  const fact = facts.find(({ name }) => name === 'COPIED flag')
  return [fact?.value, fact?.note, fact?.fault ?? false]
}

function place(change: Partial<ClusterInspection['refcountPlace']>) {
  const refcountPlace = { ...cluster.refcountPlace, ...change }
  return valueOf(clusterFacts({ ...cluster, refcountPlace }), 'Counted in')
}

describe('clusterFacts', () => {
  it('gives offsets in hexadecimal and in units, exactly', () => {
    const facts = clusterFacts({ ...cluster, hostOffset: (1n << 62n) + 512n })
    expect(valueOf(facts, 'Host offset')).toBe('0x4000000000000200|4 EiB')
    expect(valueOf(facts, 'Guest offset')).toBe('0x20000000|512 MiB')
    expect(valueOf(facts, 'COPIED flag')).toBe('set|claims refcount 1')
  })

  it('sets the stored refcount against the computed one', () => {
    expect(valueOf(clusterFacts(cluster), 'Refcount')).toBe('1|as computed')
    const wrong = { ...cluster, storedRefcount: (1n << 64n) - 1n, computedRefcount: 2 }
    expect(valueOf(clusterFacts(wrong), 'Refcount')).toBe(
      '18\u202f446\u202f744\u202f073\u202f709\u202f551\u202f615|should be 2',
    )
  })

  it('marks a COPIED flag that claims what is not so', () => {
    expect(copied(0n, { copied: true })).toEqual(['set', 'claims refcount 1: false', true])
    expect(copied(2n, { copied: false })).toEqual(['clear', 'claims refcount is not 1', false])
    expect(copied(1n, { copied: false })).toEqual(['clear', 'claims refcount is not 1: false', true])
    // A snapshot's copy of a table keeps the flags of its day; QEMU does not look at them.
    expect(copied(2n, { copied: true, snapshot: 'a' })).toEqual(['set', 'in a snapshot’s table', false])
  })

  it('says where the refcount stands, or why it stands nowhere', () => {
    expect(place({})).toBe('block 0x20000, entry 12\u202f288|')
    expect(place({ block: undefined, offset: undefined })).toBe('refcount table[0]|no block: 0')
    expect(place({ tableEntry: undefined })).toBe('nowhere|refcount table[0] is past the table’s end')
  })

  it('leaves out what a cluster does not have', () => {
    const names = clusterFacts({ ...cluster, claims: [] }).map(fact => fact.name)
    expect(names).toEqual(['Refcount', 'Host offset', 'Counted in'])
  })
})

describe('windowFacts', () => {
  it('counts ages in the engine’s clock, which wraps', () => {
    const facts = windowFacts(window, 65536)
    expect(valueOf(facts, 'Age')).toBe('4\u202f294\u202f967\u202f295|last used 5 ticks ago')
    expect(valueOf(facts, 'To be given up')).toBe('next|')
    expect(valueOf(facts, 'Range')).toBe('768 MiB to 1 GiB|')
    expect(valueOf(facts, 'Held as')).toBe('bitmap in slot 5, modified|')
    expect(valueOf(facts, 'Metadata')).toBe('2|of checked types, 1 unguarded')
  })

  it('says nothing of an order in which nothing goes, nor of a use that never was', () => {
    const roomLeft = windowFacts({ ...window, age: 3, lruPlace: -1 }, 65536)
    expect(valueOf(roomLeft, 'Age')).toBe('3|last used 1 tick ago')
    expect(valueOf(roomLeft, 'To be given up')).toBeUndefined()
    const untouched = windowFacts({ ...window, held: 0, age: 0, lruPlace: -1, slot: -1 }, 65536)
    expect(valueOf(untouched, 'Age')).toBeUndefined()
  })

  it('tells nothing of the engine where there is no list', () => {
    const off = { ...window, accountedBytes: 0 }
    expect(windowFacts(off, 65536).map(fact => fact.name)).toEqual(['Range', 'Metadata'])
  })
})
