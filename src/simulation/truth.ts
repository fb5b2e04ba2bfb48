/**
 * What an unlimited engine that missed nothing would know: every metadata range the original enters when
 * it opens the image, and every cluster that the image's own tables give to a structure of a known type.
 * The engine under a limit is compared with it; the difference is what slipped through.
 */
import { OWNERS } from '../lib/owners.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import { createEngine } from '../overlap/create-engine.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
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

function countTypes(engine: OverlapEngine): number[] {
  const counts = Array.from({ length: 8 }, () => 0)
  for (const window of engine.usedWindows())
    for (const run of engine.runs(window)) {
      const clusters = ((run >>> 8) & 0xfff) + 1
      for (let bit = 0; bit < 8; bit++) if ((run >> bit) & 1) counts[bit]! += clusters
    }
  return counts
}
