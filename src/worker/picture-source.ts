/** What pictures of the map are made from: an image that is open, or as much of one as is known of it. */
import { withoutList } from '../render/map-scene.ts'
import { WINDOW_CLUSTERS } from '../lib/units.ts'
import type { OwnerRuns } from '../qcow2/owner-map.ts'
import { emptyTable, MOST_WINDOWS } from '../simulation/coverage.ts'
import { NOTHING_KNOWN } from '../simulation/layer-stretches.ts'
import { MapIndex } from '../simulation/map-index.ts'
import type { WindowTable } from '../simulation/report.ts'
import type { Session } from '../simulation/session.ts'

export interface PictureSource {
  readonly index: MapIndex
  readonly windows: WindowTable
  readonly fileClusters: number
  readonly withoutList: string | undefined
  readonly hasUnguarded: boolean
}

export const sourceOf = (session: Session): PictureSource => ({
  index: session.mapIndex(),
  windows: session.windows,
  fileClusters: session.image.fileClusters,
  withoutList: withoutList(session.run.outcome),
  hasUnguarded: session.report.coverage.unguarded > 0,
})

/** An image whose tables are still being followed: nothing is known of how it is guarded. */
export function outlineSource(runs: OwnerRuns, fileClusters: number): PictureSource {
  const clusters = Math.max(fileClusters, runs.end)
  const count = Math.min(MOST_WINDOWS, Math.max(1, Math.ceil(clusters / WINDOW_CLUSTERS)))
  const windows = emptyTable(count, new Uint32Array(0))
  const index = new MapIndex(runs)
  const input = { ...NOTHING_KNOWN, runs, checkedTypes: 0, canBuild: true }
  index.show({ input, windows, hasList: false })
  return { index, windows, fileClusters, withoutList: '', hasUnguarded: false }
}
