/** What may come of opening an image, from enough memory down to none. */
import { scenario } from './scenario.ts'

export const fitsComfortably = scenario({
  id: 'fits-comfortably',
  title: 'It fits comfortably',
  sentence:
    'Half of a 64 GiB disk is written, in order, and 128 KiB are enough: 16 bitmaps are in the cache, and the other windows that hold metadata are down to a few bytes of fragments each. All metadata is guarded and there is no event.',
  image: { virtualSize: '64G', fill: { pattern: 'sequential', share: 0.5 } },
  options: { totalSizeLimit: 131072n },
})

export const noRoomForABitmap = scenario({
  id: 'no-room-for-a-bitmap',
  title: 'Room for the list, and for nothing else',
  sentence:
    'The list, one window and 16 slots take 152 bytes; of a limit of 256 the other 104 are too few for a bitmap of 4096. So the image opens, and each of its four pieces of metadata (header, refcount table, L1 table, refcount block) is refused with an event of its own.',
  image: { virtualSize: '64M' },
  options: { totalSizeLimit: 256n },
})

export const lockOut = scenario({
  id: 'lock-out',
  title: 'Locked out by sixteen bytes',
  sentence:
    'The limit is exactly what the list and one bitmap need. When window 1 asks for the bitmap, window 0 must give it back and keeps 16 bytes of fragments instead: from then on 4096 bytes are never free again, and every entry and every check is refused.',
  image: { virtualSize: '1000M', fill: { pattern: 'every-nth', n: 2 } },
  options: { totalSizeLimit: 4280n },
})

export const keptBitmaps = scenario({
  id: 'kept-bitmaps',
  title: 'Bitmaps that are never given back',
  sentence:
    'L2 tables and data take turns, cluster by cluster, and no list of fragments could be shorter than the bitmap. So bitmaps stay for good, outside a cache that is meant to hold one: option bitmap-size says 4 KiB, and far more is in use.',
  image: { virtualSize: '256M', clusterSize: 512, fill: { pattern: 'every-nth', n: 64 } },
  options: { bitmapSize: 4096n },
})

export const tooManyWindows = scenario({
  id: 'too-many-windows',
  title: 'Small clusters, many windows',
  sentence:
    'Each window is 4096 clusters, so 16 GiB in clusters of 4 KiB are more than a thousand windows of 32 bytes: too much for a limit of 32 KiB before anything is recorded, and the image is not opened at all. With clusters of 64 KiB it would be 65 windows.',
  image: { virtualSize: '16G', clusterSize: '4k', fill: { pattern: 'sequential', share: 1 } },
  options: { totalSizeLimit: 32768n },
})

export const openUnchecked = scenario({
  id: 'open-unchecked',
  title: 'No memory at all, and open all the same',
  sentence:
    'With a limit of 0 not even the list can be made, and QEMU does not open the image. The option “open unchecked”, which QEMU does not have, opens it without any check and sends the event without start and length: nothing of the whole image is guarded.',
  image: { virtualSize: '4G', fill: { pattern: 'random', share: 0.02 }, seed: 1 },
  options: { totalSizeLimit: 0n, openUnchecked: true },
})

export const lostInVersion4 = scenario({
  id: 'lost-in-version-4',
  title: 'Version 4 does not make room',
  sentence:
    'The fourth version of the patches gives no other bitmap back when memory is short, it refuses at once and the slot is left to a window without a bitmap. With two slots, windows 1 and 3 are refused, one event each; yet bitmaps go on being built for windows 0 and 2, whose turn comes when a living slot is taken over.',
  image: { virtualSize: '2000M', fill: { pattern: 'every-nth', n: 2 } },
  options: { version: 'v4', bitmapSize: 8192n, totalSizeLimit: 4400n },
})
