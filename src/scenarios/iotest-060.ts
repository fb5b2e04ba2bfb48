/**
 * The cases that the series added to QEMU's iotest 060, with the limits that it used. A list with one slot for one
 * window takes 56 + 32 + 4 = 92 bytes, for two windows 124.
 */
import { TEMPLATES } from '../lib/metadata-types.ts'
import { scenario } from './scenario.ts'

export const zeroLimit = scenario({
  id: 'iotest-060-zero-limit',
  title: 'Iotest 060: a limit of zero',
  sentence:
    'With a limit of 0 there is no room for the list itself, so QEMU does not open the image. The command that follows has no image to write to.',
  image: { virtualSize: '64M' },
  options: { totalSizeLimit: 0n },
  commands: ['write 0 64k'],
})

export const zeroLimitUnchecked = scenario({
  id: 'iotest-060-zero-limit-no-checks',
  title: 'Iotest 060: a limit of zero, and no checks',
  sentence:
    'The same limit of 0 with overlap-check=none: where nothing is checked no list is made, no memory is asked for, and the image opens and takes the write.',
  image: { virtualSize: '64M' },
  options: { totalSizeLimit: 0n, checkedTypes: TEMPLATES.none },
  commands: ['write -P 0x11 0 64k', 'read -P 0x11 0 64k'],
})

export const tooSmallToEnter = scenario({
  id: 'iotest-060-too-small-to-enter',
  title: 'Iotest 060: too small for entering metadata',
  sentence:
    'A limit of 256 has room for the list of 152 bytes and for no bitmap: each of the four pieces of metadata of a new image is refused with an event, start 0 and length 268435456.',
  image: { virtualSize: '64M' },
  options: { totalSizeLimit: 256n },
})

export const bitmapButNoFragments = scenario({
  id: 'iotest-060-bitmap-but-no-fragments',
  title: 'Iotest 060: room for the bitmap, none for fragments',
  sentence:
    'With one slot, 4188 bytes are exactly the list and one bitmap. There is no byte left for a list of fragments; but as there is one window only, its bitmap is never given back, and nothing is refused.',
  image: { virtualSize: '64M' },
  options: { bitmapSize: 4096n, totalSizeLimit: 4188n },
  commands: ['write -P 0x11 0 64k', 'read -P 0x11 0 64k'],
})

/**
 * Clusters of 512 bytes; L2 tables and data take turns from cluster 35 on, offset 17920. The size is such that window 1
 * holds one piece of metadata only, the last refcount block. The refcount of cluster 35 stands at 1024 + 2 * 35 = 0x446.
 */
export const fragmentsLargerThanBitmap = scenario({
  id: 'iotest-060-fragments-larger-than-bitmap',
  title: 'Iotest 060: fragments that take more than the bitmap',
  sentence:
    'Tables and data take turns in window 0: as fragments they would take more than the bitmap, so that is kept for good, and 4220 bytes have no room for another one. Window 1 is refused: event start 2097152, length 2097152. Window 0 stays guarded: when a poked refcount makes QEMU hand out the L2 table at 17920 for guest data, the write is refused.',
  image: { virtualSize: '63712k', clusterSize: 512, fill: { pattern: 'every-nth', n: 62 } },
  options: { bitmapSize: 4096n, totalSizeLimit: 4220n },
  commands: ['poke 0x446 0000', 'reopen', 'write 512 512'],
})
