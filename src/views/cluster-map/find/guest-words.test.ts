import { describe, expect, it } from 'vitest'
import type { GuestRoute } from '../../../simulation/guest-route.ts'
import { guestWords, hostClusterOf } from './guest-words.ts'

const extent = { clusterSize: 65536, clusters: 4096 }
const NORMAL: GuestRoute = {
  guestOffset: 0x100000n,
  l1Index: 0,
  l1Entry: 0x8000000000040000n,
  l1EntryOffset: 0x30000n,
  l2Offset: 0x40000n,
  l2Index: 16,
  l2Entry: 0x8000000000060000n,
  l2EntryOffset: 0x40080n,
  kind: 'normal',
  hostOffset: 0x60000n,
  copied: true,
  subcluster: undefined,
  compressedLength: undefined,
  inDataFile: false,
  unaligned: false,
  backingFile: undefined,
}
const NO_TABLE = {
  l1Entry: 0n,
  l2Offset: undefined,
  l2Entry: undefined,
  l2EntryOffset: undefined,
  kind: 'unallocated',
  hostOffset: undefined,
} as const
const told = (change: Partial<GuestRoute> = {}) => {
  const { steps, sentence } = guestWords({ ...NORMAL, ...change }, extent)
  return `${steps.map(({ text }) => text).join(' → ')}. ${sentence}`
}

describe('the way to a guest offset', () => {
  it('is told step by step, each with its cluster', () => {
    expect(told()).toBe(
      'guest 0x100000 → L1[0] → L2 at 0x40000 → entry 16 → host 0x60000. Allocated: the guest’s data are there.',
    )
    expect(guestWords(NORMAL, extent).steps.map(({ cluster }) => cluster)).toEqual([undefined, 3, 4, 4, 6])
  })

  it('ends where nothing is allocated', () => {
    expect(told(NO_TABLE)).toBe('guest 0x100000 → L1[0]. It is not allocated: the guest reads zeros.')
    expect(told({ ...NO_TABLE, backingFile: 'base.qcow2' })).toContain(
      'what the backing file base.qcow2 has there',
    )
    expect(told({ ...NO_TABLE, l1Index: 5, l1EntryOffset: undefined })).toContain(
      'L1[5], past the table’s end',
    )
  })

  it('tells zeros with and without a place, and subclusters', () => {
    expect(told({ kind: 'zero', hostOffset: undefined })).toContain('entry 16. It reads as zeros.')
    expect(told({ kind: 'zero-allocated' })).toContain('though there is a place set aside')
    expect(told({ kind: 'unallocated', subcluster: 3 })).toContain(
      'entry 16, subcluster 3 → host 0x60000. The subcluster is not allocated, though there is a place',
    )
  })

  it('tells where a compressed cluster may lie', () => {
    expect(told({ kind: 'compressed', compressedLength: 1536 })).toContain(
      'host 0x60000 to 0x605ff. Compressed, into 1.5 KiB at most.',
    )
  })

  it('leads nowhere that the map does not show', () => {
    const far = { ...NORMAL, hostOffset: 1n << 60n }
    expect(hostClusterOf(far, extent)).toBeUndefined()
    expect(guestWords(far, extent).steps.at(-1)).toEqual({
      text: 'host 0x1000000000000000',
      cluster: undefined,
    })
    expect(hostClusterOf({ ...NORMAL, inDataFile: true }, extent)).toBeUndefined()
    expect(told({ inDataFile: true })).toContain('0x60000 of the data file')
    expect(told({ unaligned: true })).toContain('QEMU refuses to read it')
  })
})
