/** What can be done on the map by key, button or command. */
import { Cancelled } from '../../lib/cancel.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { Mark } from '../../render/marks.ts'
import { firstCluster } from '../../render/tile-pixels.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { WorkerLost } from '../../state/simulator-client.ts'
import { uiStore } from '../../state/ui-store.ts'

/** Says that something could not be had; what was cancelled or is told elsewhere needs no second word. */
export function reportFailure(error: unknown): void {
  if (error instanceof Cancelled || error instanceof WorkerLost) return
  uiStore.getState().notify(error instanceof Error ? error.message : String(error))
}

/** Pins a cluster and brings it into sight. */
export function goToCluster(cluster: number): void {
  selectionStore.getState().select(cluster)
  selectionStore.getState().reveal({ start: cluster, clusters: 1 })
}

/** Pins a window's first cluster and shows the window. */
export function goToWindow(window: number): void {
  const start = window * WINDOW_CLUSTERS
  selectionStore.getState().select(start)
  selectionStore.getState().reveal({ start, clusters: WINDOW_CLUSTERS })
}

/** The unguarded cluster itself behind a mark that stands for many clusters. */
export async function clusterOfMark(mark: Mark): Promise<number> {
  const first = firstCluster(mark.place)
  if (mark.place.level === 0) return first
  const { run } = sessionStore.getState()
  const { found } = await simulator.request({
    type: 'find',
    run,
    kind: 'unguarded',
    after: first - 1,
    direction: 1,
  })
  return found?.range.start ?? first
}
