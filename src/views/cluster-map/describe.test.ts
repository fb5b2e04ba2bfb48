import { describe, expect, it } from 'vitest'
import { Guard } from '../../lib/cells.ts'
import { Owner } from '../../lib/owners.ts'
import type { Inspection, RunReport } from '../../simulation/report.ts'
import { figuresOf } from '../../simulation/coverage.ts'
import { makeWindows } from '../../testing/map-scene.ts'
import { describeCluster, describeMap, unguardedText } from './describe.ts'

const inspection = (owner: number, guard: number) =>
  ({ cluster: { cluster: 12288, owner, guard }, window: { index: 3 } }) as Inspection

const report = (outcome: RunReport['outcome'], unguarded: number, held: number[] = [1, 1, 4]) =>
  ({
    outcome,
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

describe('describeCluster', () => {
  it('says where, whose, and how guarded', () => {
    expect(describeCluster(inspection(Owner.activeL2, Guard.lost), 0x7f)).toBe(
      'window 3, cluster 12288, active L2 table, unguarded: not recorded',
    )
    expect(describeCluster(inspection(Owner.inactiveL2, Guard.none), 0x7f)).toBe(
      'window 3, cluster 12288, inactive L2 table, of a type that is not checked',
    )
    expect(describeCluster(inspection(Owner.guestData, Guard.none), 0x7f)).toBe(
      'window 3, cluster 12288, guest data',
    )
  })
})

describe('describeMap', () => {
  it('counts how windows are held, the worst first', () => {
    expect(describeMap(report({ kind: 'guarded' }, 1))).toBe(
      '3 windows of 4\u202f096 clusters, each drawn as a tile of 64 by 64. How they are held: 1 refused, 2 fragments. 9 metadata clusters of checked types, 1 unguarded.',
    )
  })

  it('says when there is no list', () => {
    const refused = describeMap(report({ kind: 'refused', error: 'Cannot allocate', needed: 1 }, 9, [0]))
    expect(refused).toContain('The image does not open: Cannot allocate.')
    expect(refused).toContain('9 metadata clusters of checked types.')
    expect(refused).not.toContain('unguarded')
    expect(describeMap(report({ kind: 'off' }, 0, [0]))).toContain('nothing is guarded')
  })
})

describe('unguardedText', () => {
  it('shouts in the right number, and only of images that can be written to', () => {
    expect(unguardedText(report({ kind: 'guarded' }, 1))).toBe('1 metadata cluster unguarded')
    expect(unguardedText(report({ kind: 'guarded' }, 2))).toBe('2 metadata clusters unguarded')
    expect(unguardedText(report({ kind: 'guarded' }, 12345))).toBe('12\u202f345 unguarded')
    expect(unguardedText(report({ kind: 'guarded' }, 0))).toBeUndefined()
    expect(unguardedText(report({ kind: 'refused', error: '', needed: 0 }, 5))).toBeUndefined()
  })
})
