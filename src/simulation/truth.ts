/**
 * What an unlimited engine that missed nothing would know: every metadata range the original enters when
 * it opens the image, and every cluster that the image's own tables give to a structure of a known type.
 * The engine under a limit is compared with it; the difference is what slipped through.
 */
import { OWNERS } from '../lib/owners.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { Range } from '../lib/ranges.ts'
import { createEngine, windowsOfFile } from '../overlap/create-engine.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import { runAt } from '../qcow2/splice-runs.ts'
import { TEMPLATES } from '../lib/metadata-types.ts'

export interface TruthInput {
  readonly clusterBits: number
  readonly fileSize: number
  readonly sequence: OpenSequence
  readonly runs: OwnerRuns
}

export interface Truth {
  readonly engine: OverlapEngine
  /** Clusters of each metadata type, by bit number. */
  readonly typeCounts: readonly number[]
}

export function buildTruth({ clusterBits, fileSize, sequence, runs }: TruthInput): Truth {
  const engine = createEngine({
    version: 'v6',
    clusterBits,
    checkedTypes: TEMPLATES.all,
    fileSize,
    bitmapSize: 0n,
    totalSizeLimit: undefined,
  })!
  for (let i = 0; i < sequence.count; i++)
    if (sequence.aligned[i])
      engine.enter(sequence.window[i]!, sequence.index[i]!, sequence.nbClusters[i]!, sequence.types[i]!)
  for (let i = 0; i < runs.count; i++) {
    const type = OWNERS[runs.owner[i]!]!.type
    if (type === 0) continue
    const start = runs.start[i]!
    const end = i + 1 < runs.count ? runs.start[i + 1]! : runs.end
    engine.enter(Math.floor(start / WINDOW_CLUSTERS), start % WINDOW_CLUSTERS, end - start, type)
  }
  return { engine, typeCounts: countTypes(engine) }
}

/** What the truth of an image rests on, besides its opening. */
interface Witness {
  readonly image: Qcow2Image
  readonly owners: { readonly runs: OwnerRuns }
}

/**
 * Whether two moments have the same truth, if an opening enters the same in both.
 * @param changed clusters on which owners may differ
 */
export function sameTruth(before: Witness, after: Witness, changed: readonly Range[]): boolean {
  const { clusterBits } = after.image.header
  const windows = ({ image: { disk } }: Witness) => windowsOfFile(disk.size, clusterBits)
  return windows(before) === windows(after) && changed.every(range => sameTypes(before, after, range))
}

/** Whether the clusters of known types are the same in a range. */
function sameTypes(before: Witness, after: Witness, range: Range): boolean {
  const [known, now] = [before, after].map(({ owners }) => typesIn(owners.runs, range))
  return known!.length === now!.length && known!.every((value, i) => value === now![i])
}

/** Start, end and type of each stretch of a known type, one after the other. */
function typesIn(runs: OwnerRuns, { start, end }: Range): number[] {
  const found: number[] = []
  for (let run = runAt(runs, start); run < runs.count && runs.start[run]! < end; run++) {
    const { type } = OWNERS[runs.owner[run]!]!
    if (type === 0) continue
    const from = Math.max(start, runs.start[run]!)
    const to = Math.min(end, run + 1 < runs.count ? runs.start[run + 1]! : runs.end)
    // Flags may part what is one to the truth.
    if (found.at(-1) === type && found.at(-2) === from) found[found.length - 2] = to
    else found.push(from, to, type)
  }
  return found
}

function countTypes(engine: OverlapEngine): number[] {
  const counts = Array.from({ length: 8 }, () => 0)
  for (const window of engine.usedWindows())
    for (const run of engine.runsInPlace(window)) {
      const clusters = ((run >>> 8) & 0xfff) + 1
      for (let bit = 0; bit < 8; bit++) if ((run >> bit) & 1) counts[bit]! += clusters
    }
  return counts
}
