/** Images of every geometry that qemu-img makes, and such that were broken on purpose. */
import { type ImagePlan, landmarks } from './qemu.ts'

const SNAPSHOTS = [
  'write -P 1 0 192k',
  ['snapshot', '-c', 'first', 'FILE'],
  'write -P 2 64k 192k',
  ['snapshot', '-c', 'second', 'FILE'],
  'write -P 3 128k 64k',
  'discard 0 64k',
] as const

const MIXED = [
  'write -P 1 0 256k',
  'write -z 128k 64k',
  'write -c -P 2 512k 128k',
  'discard 64k 64k',
  'write -P 3 3M 1M',
] as const

/** Clean ones. */
export const SOUND_PLANS: readonly ImagePlan[] = [
  { name: 'empty', size: '16M' },
  { name: 'no size at all', size: '0' },
  { name: 'size that no cluster divides', size: '1000448', steps: ['write 999936 512'] },
  { name: 'version 2', size: '64M', options: 'compat=0.10', steps: MIXED.filter(s => !s.includes('-z')) },
  { name: 'version 3 mixed', size: '64M', steps: MIXED },
  ...[512, 1024, 2048, 4096, 8192, 16384, 32768, 131072, 524288, 1048576, 2097152].map(size => ({
    name: `clusters of ${size}`,
    size: '8M',
    options: `cluster_size=${size}`,
    steps: ['write -P 1 0 300k', 'write -P 2 5M 700k', 'write -z 4M 256k', 'write -c -P 4 7M 64k'].filter(
      step => !step.includes('-c') || 65536 % size === 0,
    ),
  })),
  ...[1, 2, 4, 8, 32, 64].map(bits => ({
    name: `refcounts of ${bits} bits`,
    size: '8M',
    options: `refcount_bits=${bits},cluster_size=4096`,
    steps: ['write -P 1 0 1M', ['bench', '-c', '1', '-q', '-f', 'qcow2', '-w', 'FILE'], 'write -c 4M 4k'],
  })),
  { name: 'snapshots', size: '8M', steps: SNAPSHOTS },
  { name: 'snapshots in small clusters', size: '8M', options: 'cluster_size=512', steps: SNAPSHOTS },
  { name: 'snapshots with wide refcounts', size: '8M', options: 'refcount_bits=64', steps: SNAPSHOTS },
  { name: 'snapshots with narrow refcounts', size: '8M', options: 'refcount_bits=2', steps: SNAPSHOTS },
  { name: 'snapshots in version 2', size: '8M', options: 'compat=0.10', steps: SNAPSHOTS },
  {
    name: 'snapshots deleted and applied',
    size: '8M',
    steps: [...SNAPSHOTS, ['snapshot', '-d', 'first', 'FILE'], ['snapshot', '-a', 'second', 'FILE']],
  },
  {
    name: 'extended L2',
    size: '8M',
    options: 'extended_l2=on',
    steps: [
      'write 0 2k',
      'write 10k 30k',
      'write -z 128k 64k',
      'write 256k 256k',
      'write -z 258k 4k',
      'write -c 1M 64k',
    ],
  },
  {
    name: 'extended L2 with large clusters and a snapshot',
    size: '16M',
    options: 'extended_l2=on,cluster_size=2M',
    steps: [
      'write 0 100k',
      'write 4M 64k',
      ['snapshot', '-c', 's', 'FILE'],
      'write 64k 64k',
      'discard 4M 2M',
    ],
  },
  {
    name: 'zlib, compressed in a row',
    size: '8M',
    steps: Array.from({ length: 20 }, (_, i) => `write -c -P ${i} ${i * 64}k 64k`),
  },
  {
    name: 'zstd, compressed in small clusters',
    size: '1M',
    options: 'compression_type=zstd,cluster_size=4k',
    steps: Array.from({ length: 30 }, (_, i) => `write -c -P ${i} ${i * 4}k 4k`),
  },
  {
    name: 'compressed, with snapshot',
    size: '8M',
    steps: ['write -c -P 1 0 64k', 'write -c -P 2 64k 64k', ['snapshot', '-c', 's', 'FILE'], 'write 0 64k'],
  },
  {
    name: 'bitmaps',
    size: '64M',
    steps: [
      ['bitmap', '--add', 'FILE', 'day'],
      ['bitmap', '--add', '-g', '512', 'FILE', 'night'],
      'write 0 3M',
      ['bitmap', '--disable', 'FILE', 'night'],
    ],
  },
  { name: 'lazy refcounts', size: '8M', options: 'lazy_refcounts=on', steps: ['write 0 1M'] },
  {
    name: 'preallocated metadata',
    size: '8M',
    options: 'preallocation=metadata',
    steps: ['write 1M 64k'],
    // Written anew, without holes: qemu-img map tells holes of the file as zeros, which bytes cannot show.
    fileSize: size => size,
  },
  {
    name: 'preallocated in full',
    size: '4M',
    options: 'preallocation=full,cluster_size=8k',
    steps: ['write 1M 64k'],
  },
  {
    name: 'many refcount blocks',
    size: '64M',
    options: 'cluster_size=512,refcount_bits=64',
    steps: ['write 0 1M', 'write 32M 200k', 'write -z 40M 1M'],
  },
  {
    name: 'a file that ends within a cluster',
    size: '8M',
    steps: ['write 0 1M'],
    fileSize: size => size - 1000,
  },
]

/** Changes the 64-bit word at an offset. */
const edit = (bytes: DataView, offset: number, change: (old: bigint) => bigint) =>
  bytes.setBigUint64(offset, BigInt.asUintN(64, change(bytes.getBigUint64(offset))))

const firstL2 = (bytes: DataView): number =>
  Number(bytes.getBigUint64(landmarks(bytes).l1Offset) & 0x00fffffffffffe00n)

/** Sets the refcount of a cluster in block 0 of 16-bit refcounts. */
const setRefcount = (bytes: DataView, cluster: number, value: number) =>
  bytes.setUint16(landmarks(bytes).refcountBlockOffset + 2 * cluster, value)

const broken = (
  name: string,
  patch: (bytes: DataView) => void,
  more: Partial<ImagePlan> = {},
): ImagePlan => ({
  name: `broken: ${name}`,
  size: '8M',
  steps: ['write -P 1 0 256k', 'write -c -P 2 1M 64k'],
  patch,
  ...more,
})

/** What `qemu-img check` complains about, each in its own way. */
export const BROKEN_PLANS: readonly ImagePlan[] = [
  broken('one leak', bytes => setRefcount(bytes, 10, 1), { fileSize: size => size + 131072 }),
  broken('leak past the end of the file', bytes => setRefcount(bytes, 3000, 1)),
  broken('refcount too high', bytes => setRefcount(bytes, 5, 2)),
  broken('refcount zero', bytes => setRefcount(bytes, 5, 0)),
  broken('header free', bytes => setRefcount(bytes, 0, 0)),
  broken('COPIED missing in L1', bytes =>
    edit(bytes, landmarks(bytes).l1Offset, entry => entry & ~(1n << 63n)),
  ),
  broken('COPIED missing in L2', bytes => edit(bytes, firstL2(bytes) + 8, entry => entry & ~(1n << 63n))),
  broken('COPIED on a compressed cluster', bytes =>
    edit(bytes, firstL2(bytes) + 8 * 16, entry => entry | (1n << 63n)),
  ),
  broken('two entries, one cluster', bytes => {
    const l2 = firstL2(bytes)
    edit(bytes, l2 + 8 * 20, () => bytes.getBigUint64(l2))
  }),
  broken('all entries, one cluster', bytes => {
    const l2 = firstL2(bytes)
    for (let i = 1; i < 8192; i++) edit(bytes, l2 + 8 * i, () => bytes.getBigUint64(l2))
  }),
  broken('L2 table maps itself', bytes => {
    const l2 = firstL2(bytes)
    edit(bytes, l2, () => BigInt(l2) | (1n << 63n))
  }),
  broken('L1 table as L2 table', bytes => {
    const { l1Offset } = landmarks(bytes)
    edit(bytes, l1Offset, () => BigInt(l1Offset) | (1n << 63n))
  }),
  broken('guest data on the header and tables', bytes => {
    const l2 = firstL2(bytes)
    for (let i = 0; i < 4; i++) edit(bytes, l2 + 8 * (30 + i), () => BigInt(i + 1) * 65536n)
  }),
  broken('data past the end', bytes => edit(bytes, firstL2(bytes), () => 1n << 40n)),
  broken('compressed data past the end', bytes =>
    edit(bytes, firstL2(bytes), () => (1n << 62n) | (1n << 50n)),
  ),
  broken('data unaligned', bytes => edit(bytes, firstL2(bytes), entry => entry + 0x200n)),
  broken('zero cluster unaligned', bytes => edit(bytes, firstL2(bytes), entry => (entry + 0x400n) | 1n)),
  broken('L2 table unaligned', bytes => edit(bytes, landmarks(bytes).l1Offset, entry => entry + 0x200n)),
  broken('L2 table past the end', bytes => edit(bytes, landmarks(bytes).l1Offset, () => 1n << 45n)),
  broken('reserved bits in L1', bytes =>
    edit(bytes, landmarks(bytes).l1Offset, entry => entry | (1n << 60n) | 3n),
  ),
  broken('reserved bits in L2', bytes => edit(bytes, firstL2(bytes), entry => entry | (1n << 58n) | 0x10n)),
  broken('L1 entry without offset', bytes => edit(bytes, landmarks(bytes).l1Offset, () => 1n << 63n)),
  broken(
    'L1 names one table many times',
    bytes => {
      const { l1Offset } = landmarks(bytes)
      for (let i = 1; i < 16; i++) edit(bytes, l1Offset + 8 * i, () => bytes.getBigUint64(l1Offset))
    },
    { size: '8G' },
  ),
  broken('two refcount table entries, one block', bytes => {
    const { refcountTableOffset: table } = landmarks(bytes)
    edit(bytes, table + 8, () => bytes.getBigUint64(table))
  }),
  broken('refcount block past the end', bytes =>
    edit(bytes, landmarks(bytes).refcountTableOffset + 16, () => 1n << 42n),
  ),
  broken('refcount block with reserved bits', bytes =>
    edit(bytes, landmarks(bytes).refcountTableOffset + 24, () => 0x20101n),
  ),
  broken('refcount block unaligned', bytes =>
    edit(bytes, landmarks(bytes).refcountTableOffset, entry => entry + 0x200n),
  ),
  broken('refcount block 0 is missing', bytes => edit(bytes, landmarks(bytes).refcountTableOffset, () => 0n)),
  broken('refcount block is guest data', bytes => {
    const { refcountBlockOffset } = landmarks(bytes)
    edit(bytes, firstL2(bytes) + 8 * 40, () => BigInt(refcountBlockOffset))
  }),
  broken(
    'one-bit refcounts overflow',
    bytes => {
      const l2 = firstL2(bytes)
      for (let i = 20; i < 25; i++) edit(bytes, l2 + 8 * i, () => bytes.getBigUint64(l2))
    },
    { options: 'refcount_bits=1' },
  ),
  broken(
    'snapshot L1 unaligned',
    bytes => edit(bytes, landmarks(bytes).snapshotsOffset, offset => offset + 8n),
    { steps: ['write 0 256k', ['snapshot', '-c', 's', 'FILE']] },
  ),
  broken('snapshot L1 too large', bytes => bytes.setUint32(landmarks(bytes).snapshotsOffset + 8, 0x400001), {
    steps: ['write 0 256k', ['snapshot', '-c', 's', 'FILE']],
  }),
  broken('snapshot shares a table with the wrong refcount', bytes => setRefcount(bytes, 4, 1), {
    steps: ['write 0 256k', ['snapshot', '-c', 's', 'FILE']],
  }),
  broken(
    'extended entry both allocated and zero',
    bytes => edit(bytes, firstL2(bytes) + 8, word => word | (word << 32n)),
    { options: 'extended_l2=on' },
  ),
  broken(
    'extended entry allocated without a cluster',
    bytes => edit(bytes, firstL2(bytes) + 16 * 30 + 8, () => 1n),
    { options: 'extended_l2=on' },
  ),
  broken('bitmaps that a program without them has written by', bytes => edit(bytes, 88, () => 0n), {
    steps: ['write 0 256k', ['bitmap', '--add', 'FILE', 'b']],
  }),
  broken('file cut short', () => {}, { fileSize: size => size - 300000 }),
]
