/** QEMU hands out metadata by itself: nobody poked anything. Real QEMU does it to this day. */
import { TEMPLATES } from '../lib/metadata-types.ts'
import { scenario } from './scenario.ts'

/**
 * The first compressed write leaves the cursor for compressed data in its cluster; zeroing it gives that cluster back;
 * the write at 1 GiB needs an L2 table, which takes the free cluster; and the last compressed write goes on at the
 * cursor, in what has become an L2 table.
 */
const image = { virtualSize: '2G' }
const commands = ['write -c 0 64k', 'write -z -u 0 64k', 'write 1G 64k', 'write -c 128k 64k']

export const allocatorChecked = scenario({
  id: 'allocator-hands-out-metadata',
  title: 'The allocator that hands out metadata',
  sentence:
    'Four ordinary commands on a sound image: compressed data is written and given back, its cluster becomes an L2 table, and the next compressed write goes on where the last one ended, in the middle of that table. The check refuses it, “overlaps with active L2 table”. This is a defect of QEMU’s own, there to this day; overlap-check=none shows what happens without the check.',
  image,
  commands,
})

export const allocatorUnchecked = scenario({
  id: 'allocator-unnoticed',
  title: 'The same allocator, and nobody looks',
  sentence:
    'The same four commands with overlap-check=none: the compressed data goes right into the L2 table of the write at 1 GiB. QEMU reports success and no event; only Overlapscope counts a missed overlap.',
  image,
  options: { checkedTypes: TEMPLATES.none },
  commands,
})
