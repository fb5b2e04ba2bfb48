/** What can be done on the map by key, button or command. */
import { Cancelled } from '../../lib/cancel.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { type Direction, neighbour } from '../../render/layout.ts'
import type { Mark } from '../../render/marks.ts'
import { firstCluster } from '../../render/tile-pixels.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { WorkerLost } from '../../state/simulator-client.ts'
import { uiStore } from '../../state/ui-store.ts'
import { mapStore } from './map-store.ts'

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

/** From the pinned cluster on, around the end of the image if need be. */
export async function goToUnguarded(direction: 1 | -1): Promise<void> {
  const { selected } = selectionStore.getState()
  const { run, report } = sessionStore.getState()
  if (!report) return
  if (report.coverage.unguarded === 0) {
    uiStore.getState().notify('No metadata is unguarded.')
    return
  }
  const ends = direction === 1 ? -1 : report.windows.count * WINDOW_CLUSTERS
  try {
    const found =
      (await findUnguarded(run, selected ?? ends, direction)) ?? (await findUnguarded(run, ends, direction))
    if (found !== undefined) goToCluster(found)
  } catch (error) {
    reportFailure(error)
  }
}

async function findUnguarded(run: number, after: number, direction: 1 | -1): Promise<number | undefined> {
  const { cluster } = await simulator.request({ type: 'find-unguarded', run, after, direction })
  return cluster
}

/** The unguarded cluster itself behind a mark that stands for many clusters. */
export async function clusterOfMark(mark: Mark): Promise<number> {
  const first = firstCluster(mark.place)
  if (mark.place.level === 0) return first
  const { run } = sessionStore.getState()
  return (await findUnguarded(run, first - 1, 1)) ?? first
}

/** @param cells how many cells of the present zoom to go */
export function moveSelection(direction: Direction, cells: number): void {
  const { map } = mapStore.getState()
  if (!map?.layout) return
  const { selected, hovered, select } = selectionStore.getState()
  let cluster = selected ?? hovered ?? map.middle
  // The first arrow shows where one is.
  const steps = selected === undefined ? 0 : cells * map.cellClusters
  for (let step = 0; step < steps; step++) cluster = neighbour(map.layout, cluster, direction)
  select(cluster)
  map.bringIntoSight(cluster)
}

/** To the window before or after the pinned cluster's. */
export function moveWindow(by: 1 | -1): void {
  const { map } = mapStore.getState()
  if (!map?.layout) return
  const { selected } = selectionStore.getState()
  const now = selected === undefined ? undefined : Math.floor(selected / WINDOW_CLUSTERS)
  const next = now === undefined ? (by === 1 ? 0 : map.layout.count - 1) : now + by
  if (next >= 0 && next < map.layout.count) goToWindow(next)
}
