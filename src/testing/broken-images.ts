/** Sound images broken on purpose, one fault each: whatever can be wrong with what is read at opening. */
import type { BaseName } from './base-images.ts'
import type { ImageEditor } from './image-editor.ts'

export interface BrokenImage {
  readonly name: string
  readonly base: BaseName
  readonly damage: (image: ImageEditor) => void
  /** Opens with a key in QEMU, so that it gets as far as what is wrong behind the asking for one. */
  readonly encryption?: 'luks' | 'aes'
}

type Damage = BrokenImage['damage']

const BACKING_FORMAT = 0xe2792aca
const FEATURE_NAMES = 0x6803f857
const BITMAPS = 0x23852875
const CRYPTO = 0x0537be77
const DATA_FILE = 0x44415441

const of = (base: BaseName, cases: Readonly<Record<string, Damage>>): BrokenImage[] =>
  Object.entries(cases).map(([name, damage]) => ({ name: `${base}: ${name}`, base, damage }))

const u64s = (...values: readonly bigint[]): Uint8Array => {
  const bytes = Buffer.alloc(values.length * 8)
  for (const [index, value] of values.entries()) bytes.writeBigUInt64BE(value, index * 8)
  return bytes
}

/** Entry of a feature name table. */
const featureName = (type: number, bit: number, name: string): Uint8Array => {
  const bytes = Buffer.alloc(48)
  bytes.set([type, bit])
  bytes.write(name, 2)
  return bytes
}

const header = of('plain', {
  'bad magic': image => image.u8(3, 0xfa),
  'empty file': image => image.truncate(0),
  '3 bytes': image => image.truncate(3),
  'cut inside the header': image => image.truncate(100),
  'cut behind the header': image => image.truncate(112),
  'cut behind the header cluster': image => image.truncate(65536),
  'version 0': image => image.u32(4, 0),
  'version 1': image => image.u32(4, 1),
  'version 4': image => image.u32(4, 4),
  'version 2^32-1': image => image.u32(4, 0xffffffff),
  'cluster bits 0': image => image.u32(20, 0),
  'cluster bits 8': image => image.u32(20, 8),
  'cluster bits 22': image => image.u32(20, 22),
  'cluster bits 2^32-1': image => image.u32(20, 0xffffffff),
  'header length 0': image => image.u32(100, 0),
  'header length 103': image => image.u32(100, 103),
  'header length 104': image => image.u32(100, 104),
  'header length 105': image => image.u32(100, 105),
  'header length 120': image => image.u32(100, 120),
  'header length of a cluster': image => image.u32(100, 65536),
  'header length past the cluster': image => image.u32(100, 65537),
  'backing file offset past the cluster': image => image.u64(8, 65537n),
  'backing file offset 2^63': image => image.u64(8, 1n << 63n),
  'backing file offset before the extensions': image => image.u64(8, 8n),
  'backing file offset inside an extension': image => image.u64(8, 150n),
  'backing file offset inside an extension head': image => image.u64(8, 116n),
  'backing file name of 1024 bytes': image => image.u64(8, 2048n).u32(16, 1024),
  'backing file name of 2^32-1 bytes': image => image.u64(8, 2048n).u32(16, 0xffffffff),
  'backing file name past the cluster': image => image.u64(8, 65530n).u32(16, 10),
  'backing file name without a place': image => image.u32(16, 2000),
  'unknown features': image => image.u64(72, 0x8000000000000020n),
  'unknown feature with a name': image =>
    image.u64(72, 0x8000000000000020n).extensions([FEATURE_NAMES, featureName(0, 5, 'my feature')]),
  'unknown features, all with names': image =>
    image
      .u64(72, 0x60n)
      .extensions([
        FEATURE_NAMES,
        Buffer.concat([
          featureName(0, 6, 'six'),
          featureName(1, 5, 'compatible five'),
          featureName(0, 5, 'five'),
        ]),
      ]),
  'unknown feature and broken extensions': image => image.u64(72, 0x20n).u32(116, 0xffffff),
  'unknown feature, name table of odd length': image =>
    image.u64(72, 0x20n).extensions([FEATURE_NAMES, featureName(0, 5, 'cut name').subarray(0, 20)]),
  'unknown compatible features': image => image.u64(80, 0xfffffffffffffffen),
  'unknown autoclear features': image => image.u64(88, 0xfffffffffffffffcn),
  'corrupt bit': image => image.u64(72, 2n),
  'dirty bit': image => image.u64(72, 1n),
  'data file bit': image => image.u64(72, 4n),
  'raw data file without data file': image => image.u64(88, 2n),
  'compression bit with zlib': image => image.u64(72, 8n),
  'compression type 2': image => image.u64(72, 8n).u8(104, 2),
  'zstd without its bit': image => image.u8(104, 1),
  'compression type 255': image => image.u8(104, 255),
  'refcount order 7': image => image.u32(96, 7),
  'refcount order 2^32-1': image => image.u32(96, 0xffffffff),
  'extended L2 that the L1 table covers': image => image.u64(72, 16n),
  'crypt method 3': image => image.u32(32, 3),
  'crypt method 2^32-1': image => image.u32(32, 0xffffffff),
  'crypt method AES': image => image.u32(32, 1),
})

const tables = of('plain', {
  'no refcount table': image => image.u32(56, 0),
  'refcount table of 128 clusters': image => image.u32(56, 128),
  'refcount table of 129 clusters': image => image.u32(56, 129),
  'refcount table of 2^32-1 clusters': image => image.u32(56, 0xffffffff),
  'refcount table unaligned': image => image.u64(48, 65536n + 512n),
  'refcount table at 2^63': image => image.u64(48, 1n << 63n),
  'refcount table near 2^63': image => image.u64(48, (1n << 63n) - 131072n),
  'refcount table at 2^62': image => image.u64(48, 1n << 62n),
  'refcount table overflowing': image => image.u64(48, (1n << 63n) - 65536n).u32(56, 2),
  'L1 of 32 MiB, past the end': image => image.u32(36, 4194304).u64(40, 1n << 40n),
  'L1 over 32 MiB': image => image.u32(36, 4194305),
  'L1 of 2^32-1 entries': image => image.u32(36, 0xffffffff),
  'L1 unaligned': image => image.u64(40, 196608n + 8n),
  'L1 at 2^63': image => image.u64(40, 1n << 63n),
  'L1 near 2^63': image => image.u64(40, (1n << 63n) - 65536n),
  'L1 at the last place QEMU reads': image => image.u64(40, (1n << 63n) - (1n << 30n) - 65536n),
  'L1 one cluster further': image => image.u64(40, (1n << 63n) - (1n << 30n)),
  'L1 too small': image => image.u64(24, 1n << 30n),
  'L1 without entries': image => image.u32(36, 0),
  'L1 longer than needed': image => image.u32(36, 100),
  'no size and no L1': image => image.u64(24, 0n).u32(36, 0).u64(40, 0n),
  'size not of whole sectors': image => image.u64(24, 16777215n),
  'size 2^61': image => image.u64(24, 1n << 61n),
  'size 2^62': image => image.u64(24, 1n << 62n),
  'size 2^63': image => image.u64(24, 1n << 63n),
  'size 2^64-1': image => image.u64(24, (1n << 64n) - 1n),
  'size 2^64 - 2^30': image => image.u64(24, (1n << 64n) - (1n << 30n)),
  'L1 entry 0 at 2^63': image => image.u64(196608, 1n << 63n),
  'L1 entry into itself': image => image.u64(196608, (1n << 63n) | 196608n),
})

const extensions = of('plain', {
  'longer than the cluster': image => image.u32(116, 0x1000000),
  'of 2^32-1 bytes': image => image.u32(116, 0xffffffff),
  'up to the end of the cluster': image => image.u32(116, 65536 - 120),
  'one byte too long': image => image.u32(116, 65536 - 119),
  unknown: image => image.extensions([0x12345678, Buffer.from('anything')]),
  'unknown and longer than the cluster': image =>
    image.extensions([0x12345678, Buffer.from('anything')]).u32(116, 70000),
  'no end mark before the backing file name': image =>
    image
      .extensions([0x12345678, Buffer.from('anything')])
      .u64(8, 128n)
      .u32(16, 0),
  'half a head before the backing file name': image =>
    image
      .extensions([0x12345678, Buffer.from('anything')])
      .u64(8, 132n)
      .u32(16, 0),
  'backing format of 15 bytes': image => image.extensions([BACKING_FORMAT, Buffer.from('123456789012345')]),
  'backing format of 16 bytes': image => image.extensions([BACKING_FORMAT, Buffer.from('1234567890123456')]),
  'backing format of 20 bytes': image => image.extensions([BACKING_FORMAT, Buffer.alloc(20, 65)]),
  'backing format too long before one past the cluster': image =>
    image.extensions([BACKING_FORMAT, Buffer.alloc(20, 65)], [1, Buffer.alloc(8)]).u32(148, 0xffffff),
  'data file without its bit': image => image.extensions([DATA_FILE, Buffer.from('data.raw')]),
  'crypto without encryption': image => image.extensions([CRYPTO, u64s(393216n, 4096n)]),
  'crypt method LUKS without crypto': image => image.u32(32, 2),
  'crypto of 8 bytes': image => image.u32(32, 2).extensions([CRYPTO, u64s(393216n)]),
  'crypto unaligned': image => image.u32(32, 2).extensions([CRYPTO, u64s(393728n, 4096n)]),
  'bitmaps without the autoclear bit': image => image.extensions([BITMAPS, u64s(1n << 32n, 24n, 65536n)]),
  'bitmaps of 16 bytes': image => image.u64(88, 1n).extensions([BITMAPS, u64s(0n, 0n)]),
  'bitmaps of 16 bytes without the autoclear bit': image => image.extensions([BITMAPS, u64s(0n, 0n)]),
})

const version2 = of('v2', {
  'feature bits are not looked at': image => image.u64(72, 0xffffffffffffffffn),
  'extension past the cluster': image => image.u32(72, 1).u32(76, 0xffffff),
  bitmaps: image => image.bytes(72, Buffer.concat([u64s(0x2385287500000018n, 1n << 32n, 24n, 65536n)])),
  'header cut behind 72 bytes': image => image.truncate(72),
  'no refcount table': image => image.u32(56, 0),
  'snapshot table unaligned': image => image.u64(64, 655361n),
})

const geometry = [
  ...of('8k', { 'extended L2': image => image.u64(72, 16n) }),
  ...of('zstd', {
    'without its bit': image => image.u64(72, 0n),
    'header that ends before the type': image => image.u32(100, 104),
    'type 0': image => image.u8(104, 0),
  }),
  ...of('extended', { 'L1 too small': image => image.u64(24, 1n << 40n) }),
  ...of('small', {
    'refcount table of 16384 clusters': image => image.u32(56, 16384),
    'refcount table of 16385 clusters': image => image.u32(56, 16385),
    'header length 513': image => image.u32(100, 513),
    'no end mark in the whole cluster': image => image.u32(112, 0x12345678).u32(116, 512 - 120),
    'size past what an L1 table can cover': image => image.u64(24, 1n << 50n),
  }),
  ...of('dataFile', {
    'without a name': image => image.extensions(),
    'bit taken away': image => image.u64(72, 0n),
  }),
  ...of('rawDataFile', { 'bit taken away': image => image.u64(72, 0n) }),
  ...of('backing', {
    'format too long': image => image.u32(image.extension(BACKING_FORMAT) + 4, 17),
    'name too long': image => image.u32(16, 1024),
  }),
]

/** Where the plain image's snapshot table is. */
const snapshotTable = (image: ImageEditor): number => Number(image.readU64(64))

const snapshots = of('plain', {
  'none, in an unaligned place': image => image.u32(60, 0).u64(64, 1n),
  'table unaligned': image => image.u64(64, 655361n),
  'table at 2^63': image => image.u64(64, 1n << 63n),
  'table near 2^63': image => image.u64(64, (1n << 63n) - 65536n),
  'table past the end': image => image.u64(64, 1n << 40n),
  '65536 of them, mostly zeros': image => image.u32(60, 65536),
  '65537 of them': image => image.u32(60, 65537),
  '2^32-1 of them': image => image.u32(60, 0xffffffff),
  'extra data of 0 bytes': image => image.u32(snapshotTable(image) + 36, 0),
  'extra data of 15 bytes': image => image.u32(snapshotTable(image) + 36, 15),
  'extra data of 1024 bytes': image => image.u32(snapshotTable(image) + 36, 1024),
  'extra data of 1025 bytes': image => image.u32(snapshotTable(image) + 36, 1025),
  'extra data of 2^32-1 bytes': image => image.u32(snapshotTable(image) + 36, 0xffffffff),
  'second one with too much extra data': image => image.u32(60, 2).u32(snapshotTable(image) + 72 + 36, 2000),
  'L1 too large': image => image.u32(snapshotTable(image) + 8, 0x400001),
  'L1 unaligned': image => image.u64(snapshotTable(image), 589825n),
  'table over 64 MiB': image => {
    const start = snapshotTable(image)
    const length = 40 + 65535 + 65535
    image.u32(60, 600)
    for (let offset = start, n = 0; n < 600; n++, offset += Math.ceil(length / 8) * 8)
      image
        .u64(offset, 0n)
        .u32(offset + 12, 0xffffffff)
        .u32(offset + 36, 0)
  },
})

const bitmapsExtension = (image: ImageEditor): number => image.extension(BITMAPS) + 8
const directory = (image: ImageEditor): number => Number(image.readU64(bitmapsExtension(image) + 16))
const bitmapTable = (image: ImageEditor): number => Number(image.readU64(directory(image)))

const longName = (image: ImageEditor, length: number): ImageEditor =>
  image
    .u32(bitmapsExtension(image), 1)
    .u64(bitmapsExtension(image) + 8, 1048n)
    .u16(directory(image) + 18, length)
    .bytes(directory(image) + 24, Buffer.alloc(length, 65))

const bitmaps = of('bitmaps', {
  'reserved field': image => image.u32(bitmapsExtension(image) + 4, 1),
  none: image => image.u32(bitmapsExtension(image), 0),
  '65536 of them': image => image.u32(bitmapsExtension(image), 65536),
  'one too many': image => image.u32(bitmapsExtension(image), 1),
  'one too few': image => image.u32(bitmapsExtension(image), 3),
  'directory unaligned': image => image.u64(bitmapsExtension(image) + 16, 319489n),
  'directory too large': image => image.u64(bitmapsExtension(image) + 8, 1n << 40n),
  'directory of the largest size': image => image.u64(bitmapsExtension(image) + 8, 67107840n),
  'directory one byte larger': image => image.u64(bitmapsExtension(image) + 8, 67107841n),
  'directory of 0 bytes': image => image.u64(bitmapsExtension(image) + 8, 0n),
  'directory cut short': image => image.u64(bitmapsExtension(image) + 8, 60n),
  'directory ends inside an entry head': image => image.u64(bitmapsExtension(image) + 8, 40n),
  'directory 8 bytes longer': image => image.u64(bitmapsExtension(image) + 8, 72n),
  'directory past the end': image => image.u64(bitmapsExtension(image) + 16, 1n << 40n),
  'directory near 2^63': image => image.u64(bitmapsExtension(image) + 16, (1n << 63n) - 4096n),
  'directory of garbage': image => image.bytes(directory(image), Buffer.alloc(64, 0xa5)),
  'autoclear bit off': image => image.u64(88, 0n),
  'autoclear bit off and garbage': image => image.u64(88, 0n).bytes(directory(image), Buffer.alloc(64, 0xa5)),
  'autoclear bit off and reserved field': image => image.u64(88, 0n).u32(bitmapsExtension(image) + 4, 1),
  'extra data': image => image.u32(directory(image) + 20, 4),
  'entry of type 2': image => image.u8(directory(image) + 16, 2),
  'granularity of 8 bits': image => image.u8(directory(image) + 17, 8),
  'granularity of 9 bits': image => image.u8(directory(image) + 17, 9),
  'granularity of 31 bits': image => image.u8(directory(image) + 17, 31),
  'granularity of 32 bits': image => image.u8(directory(image) + 17, 32),
  'unknown flags': image => image.u32(directory(image) + 12, 4),
  'in use': image => image.u32(directory(image) + 12, 1),
  'in use, with a malformed table': image => image.u64(bitmapTable(image), 3n).u32(directory(image) + 12, 1),
  'table of 0 entries': image => image.u32(directory(image) + 8, 0),
  'table of 2 entries': image => image.u32(directory(image) + 8, 2),
  'table of 2^27 + 1 entries': image => image.u32(directory(image) + 8, 0x8000001),
  'bitmap over 512 MiB': image => image.u32(directory(image) + 8, 131073),
  'table unaligned': image => image.u64(directory(image), 4097n),
  'table at 0': image => image.u64(directory(image), 0n),
  'table past the end': image => image.u64(directory(image), 1n << 40n),
  'table at 2^63': image => image.u64(directory(image), 1n << 63n),
  'one, with a name of 0 bytes': image =>
    image
      .u32(bitmapsExtension(image), 1)
      .u64(bitmapsExtension(image) + 8, 24n)
      .u16(directory(image) + 18, 0),
  'one, with a name of 1023 bytes': image => longName(image, 1023),
  'one, with a name of 1024 bytes': image => longName(image, 1024),
  'name of 0 bytes': image => image.u16(directory(image) + 18, 0),
  'same name twice': image => image.u16(directory(image) + 32 + 18, 2).text(directory(image) + 32 + 24, 'b1'),
  'table entry with reserved bits': image => image.u64(bitmapTable(image), 1n << 56n),
  'table entry with offset and all ones': image => image.u64(bitmapTable(image), 4097n),
  'table entry of all ones': image => image.u64(bitmapTable(image), 1n),
  'table entry unaligned': image => image.u64(bitmapTable(image), 512n),
  'table entry past the end': image => image.u64(bitmapTable(image), 1n << 40n),
  'too short for the disk': image => image.u64(24, 1n << 30n).u32(36, 512),
})

/** An image with a LUKS header at 1 MiB, as far as its first bytes go. */
const luks = (image: ImageEditor): ImageEditor =>
  image
    .u32(32, 2)
    .extensions([CRYPTO, u64s(1048576n, 2068480n)])
    .bytes(1048576, Uint8Array.of(0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0, 1))
    .truncate(1048576 + 4096)

const encrypted: BrokenImage[] = [
  ...of('aes', { 'with its key': () => {} }),
  ...of('plain', {
    'LUKS of no known kind': image => luks(image).u32(1048576, 0),
    'LUKS version 2': image => luks(image).u16(1048576 + 6, 2),
    'LUKS header too short': image => luks(image).extensions([CRYPTO, u64s(1048576n, 591n)]),
    'LUKS header near 2^63': image => luks(image).extensions([CRYPTO, u64s((1n << 63n) - 65536n, 65536n)]),
    'LUKS header past the end': image => luks(image).extensions([CRYPTO, u64s(1n << 40n, 65536n)]),
  }),
].map(image => ({ ...image, encryption: image.base === 'aes' ? 'aes' : 'luks' }))

export const BROKEN_IMAGES: readonly BrokenImage[] = [
  ...header,
  ...tables,
  ...extensions.map(image => ({ ...image, name: image.name.replace(': ', ': extension ') })),
  ...version2,
  ...geometry,
  ...snapshots.map(image => ({ ...image, name: image.name.replace(': ', ': snapshots: ') })),
  ...bitmaps,
  ...of('plain', { 'LUKS without its key': image => luks(image) }),
  ...of('aes', { 'without its key': () => {} }),
  ...encrypted,
]
