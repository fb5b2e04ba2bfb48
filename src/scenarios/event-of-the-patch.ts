import { EXAMPLE_SECONDS, scenario } from './scenario.ts'

/**
 * Four windows and 16 slots: 56 + 4 * 32 + 16 * 4 = 248 bytes, so that a limit of 4380 leaves room for one bitmap and
 * 36 bytes of fragments. L2 tables lie 4097 clusters apart, one in each window; the snapshot's L1 table
 * and the snapshot table lie in window 3. Entering goes to and fro, and each time a bitmap is given back for its
 * fragments: 28 bytes for window 0 (7 places for 5 fragments), 4 for window 1, 4 for window 2, 8 for window 3. With
 * them all, 292 bytes, the last entry's bitmap would make 4388.
 */
export const eventOfThePatch = scenario({
  id: 'event-of-the-patch',
  title: 'The event of the patch',
  sentence:
    'The limit of 4380 bytes leaves room for one bitmap at a time and 36 bytes of fragments. The last thing to be recorded, the snapshot’s L1 table in window 3, needs 4096 bytes where 292 are in use already: that is 8 too many, QEMU says so once, and as no bitmap fits any more, no check finds anything in this image from now on.',
  image: {
    virtualSize: '2000M',
    fill: { pattern: 'every-nth', n: 2 },
    snapshots: [{ name: 'before the upgrade', at: 0.8 }],
  },
  options: { totalSizeLimit: 4380n },
  // The tenth call is the one that is refused, nine microseconds later: then it is the example's 519454.
  clock: { seconds: EXAMPLE_SECONDS, microseconds: 519445 },
})
