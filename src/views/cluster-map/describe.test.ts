import { describe, expect, it } from 'vitest'
import { Guard } from '../../lib/cells.ts'
import { Owner } from '../../lib/owners.ts'
import type { RunReport } from '../../simulation/report.ts'
import type { Inspection, WindowInspection } from '../../simulation/inspection.ts'
import { figuresOf } from '../../simulation/coverage.ts'
import { Held } from '../../lib/held.ts'
import { type WindowHold } from '../../render/window-hold.ts'
import { makeWindows } from '../../testing/map-scene.ts'
import { describeCluster, describeMap, describeWindow, unguardedWords } from './describe.ts'

const inspection = (
  owner: number,
  guard: number,
  more: object = {},
  held = 0,
  hold: Partial<WindowHold> = {},
) =>
  ({
    cluster: {
      cluster: 12288,
      owner,
      guard,
      flags: 0,
      claims: [],
      storedRefcount: 1n,
      computedRefcount: 1,
      ...more,
    },
    window: { index: 3, held, lost: 0, lockedOut: 0, ...hold },
  }) as unknown as Inspection

const report = (
  outcome: RunReport['outcome'],
  unguarded: number,
  held: number[] = [1, 1, 4],
  version = 'v6',
) =>
  ({
    outcome,
    options: { version },
    windows: figuresOf(makeWindows(held.length, window => held[window] ?? 0)),
    coverage: {
      metadata: 9,
      guarded: 9 - unguarded,
      unguarded,
      lost: unguarded,
      lockedOut: 0,
      typeNotChecked: 0,
    },
  }) as unknown as RunReport

/** What a cluster's description says of its window. */
const windowSaid = (held: number, hold: Partial<WindowHold>) =>
  describeCluster(inspection(Owner.guestData, Guard.none, {}, held, hold), 0x7f, true)
    .split(', window ')
    .at(-1)

describe('describeCluster', () => {
  it('says where, whose, how guarded, and all else that is shown of it', () => {
    const table = { claims: [{ owner: Owner.activeL2, path: [], guestOffset: 0x20000000n }] }
    expect(describeCluster(inspection(Owner.activeL2, Guard.lost, table, 1), 0x7f, true)).toBe(
      'window 3, cluster 12288, active L2 table, unguarded: not recorded, refcount 1, guest offset 0x20000000, window held as fragments',
    )
    expect(describeCluster(inspection(Owner.inactiveL2, Guard.none, { flags: 4 }, 2), 0x7f, true)).toBe(
      'window 3, cluster 12288, inactive L2 table, of a type that is not checked, in snapshots only, refcount 1, window cached',
    )
  })

  it('says of the window what its frame says', () => {
    expect(windowSaid(Held.cached, { lost: 2 })).toBe('cached, 2 lost')
    expect(windowSaid(Held.fragments, { lost: 1, lockedOut: 3 })).toBe(
      'held as fragments, 1 lost, 3 locked out',
    )
    expect(windowSaid(Held.fragments, { lockedOut: 3 })).toBe('held as fragments, locked out')
    expect(windowSaid(Held.refused, {})).toBe('refused')
    expect(windowSaid(Held.nothing, { lost: 2 })).toBe('2 lost')
  })

  it('says what is wrong', () => {
    const wrong = { flags: 1 | 2 | 8, storedRefcount: 1n, computedRefcount: 2 }
    expect(describeCluster(inspection(Owner.guestData, Guard.none, wrong), 0x7f, true)).toBe(
      'window 3, cluster 12288, guest data, claimed twice, past the end of the file, refcount 1, should be 2',
    )
  })

  it('does not speak of guards where the image does not open', () => {
    expect(describeCluster(inspection(Owner.header, Guard.none), 0x7f, false)).toBe(
      'window 3, cluster 12288, main header, the image does not open, refcount 1',
    )
  })

  it('says no more of what is free', () => {
    const free = { storedRefcount: 0n, computedRefcount: 0 }
    expect(describeCluster(inspection(Owner.free, Guard.none, free), 0x7f, true)).toBe(
      'window 3, cluster 12288, free',
    )
  })
})

describe('describeWindow', () => {
  it('says where it is, how it is held, its age, and what is unguarded in it', () => {
    const window: WindowInspection = {
      index: 3,
      firstCluster: 12288,
      held: 1,
      age: 5,
      currentAge: 17,
      lruPlace: -1,
      slot: -1,
      slots: undefined,
      modified: false,
      nbFragments: 2,
      fragmentsArraySize: 4,
      runs: new Uint32Array(),
      fragments: new Uint32Array(),
      coding: { fragments: 2, arraySize: 4, ladder: [1, 2, 4] },
      account: { struct: 32, array: 16, bitmap: 0 },
      accountedBytes: 48,
      metadata: 9,
      unguarded: 1,
      lost: 1,
      lockedOut: 0,
      history: undefined,
      sentence: 'Held as 2 fragments.',
      why: undefined,
    }
    const words = describeWindow(window, 65536)
    expect(words).toBe(
      'Window 3, clusters 12\u202f288 to 16\u202f383. Held as 2 fragments. Range: 768 MiB to 1 GiB; Metadata: 9, of checked types, 1 unguarded; Held as: fragments, 1 lost; Age: 5, last used 12 ticks ago; Fragments: 2, of room for 4; On the books: 48 bytes.',
    )
  })
})

const faulty = (corruptions: number, leaks: number) =>
  describeMap(report({ kind: 'guarded' }, 0), { corruptions, leaks })

describe('describeMap', () => {
  it('counts how windows are held, the worst first', () => {
    expect(describeMap(report({ kind: 'guarded' }, 1), undefined)).toBe(
      '3 windows of 4\u202f096 clusters, each drawn as a tile of 64 by 64. How they are held: 1 refused, 2 fragments. 9 metadata clusters of checked types, 1 unguarded.',
    )
  })

  it('counts the windows in which something is lost, however they are held', () => {
    const windows = { ...report({ kind: 'guarded' }, 1).windows, withLost: 2 }
    expect(describeMap({ ...report({ kind: 'guarded' }, 1), windows }, undefined)).toContain(
      'How they are held: 1 refused, 2 fragments; something is lost in 2.',
    )
  })

  it('says what is wrong with the tables', () => {
    expect(faulty(0, 0)).toContain('No errors and no leaks')
    expect(faulty(1, 2)).toContain('Found in its tables: 1 error, 2 leaked clusters.')
  })

  it('says when there is no list', () => {
    const refused = describeMap(
      report({ kind: 'refused', error: 'Cannot allocate', needed: 1 }, 9, [0]),
      undefined,
    )
    expect(refused).toContain('The image does not open: Cannot allocate.')
    expect(refused).toContain('9 metadata clusters of checked types.')
    expect(refused).not.toContain('unguarded')
    expect(describeMap(report({ kind: 'off' }, 0, [0]), undefined)).toContain('nothing is guarded')
    const mainline = describeMap(report({ kind: 'guarded' }, 0, [0], 'mainline'), undefined)
    expect(mainline).toContain('Mainline’s check holds no window')
    expect(mainline).not.toContain('How they are held')
  })
})

describe('unguardedWords', () => {
  it('shouts in the right number, and only of images that can be written to', () => {
    expect(unguardedWords(report({ kind: 'guarded' }, 1))).toEqual({
      count: '1',
      subject: 'metadata cluster',
    })
    expect(unguardedWords(report({ kind: 'guarded' }, 12345))).toEqual({
      count: '12\u202f345',
      subject: 'metadata clusters',
    })
    expect(unguardedWords(report({ kind: 'guarded' }, 0))).toBeUndefined()
    expect(unguardedWords(report({ kind: 'refused', error: '', needed: 0 }, 5))).toBeUndefined()
  })
})
