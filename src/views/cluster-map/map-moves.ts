/** Moving the pinned cluster over the map by key. */
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { type Direction, neighbour } from '../../render/layout.ts'
import { firstOfWindow, lastOfWindow, verticalStep, windowStep } from '../../render/steps.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { goToCluster, goToWindow } from './map-actions.ts'
import type { MapController } from './map-controller.ts'
import { mapStore } from './map-store.ts'

/** Moves on from the pinned cluster. Where there is none, the first key shows where one is. */
function move(step: (map: MapController, cluster: number) => number): void {
  const { map } = mapStore.getState()
  if (!map?.layout) return
  const { selected, hovered, select } = selectionStore.getState()
  const cluster = selected === undefined ? (hovered ?? map.middle) : step(map, selected)
  select(cluster)
  map.bringIntoSight(cluster)
}

/** @param cells how many cells of the present zoom to go */
export function moveByCells(direction: Direction, cells: number): void {
  move((map, from) => {
    let cluster = from
    for (let step = 0; step < cells * map.cellClusters; step++)
      cluster = neighbour(map.layout!, cluster, direction)
    return cluster
  })
}

/** To the same place in the next window of the grid. */
export function moveByWindow(direction: Direction): void {
  move((map, cluster) => windowStep(map.layout!, cluster, direction))
}

/** By as much as is seen of the map at once. */
export function moveByScreen(direction: 1 | -1): void {
  move((map, cluster) => verticalStep(map.layout!, cluster, direction * map.screenRows))
}

/** To the window's first cluster; from there, and where no cluster is pinned, to a view of everything. */
export function moveHome(): void {
  const { selected } = selectionStore.getState()
  if (selected === undefined || selected === firstOfWindow(selected)) mapStore.getState().map?.fit()
  else move((_, cluster) => firstOfWindow(cluster))
}

export function moveToWindowEnd(): void {
  move((_, cluster) => lastOfWindow(cluster))
}

/** To the first or last cluster of the file. */
export function moveToFileEnd(end: 'first' | 'last'): void {
  const { image } = sessionStore.getState()
  if (image) goToCluster(end === 'first' ? 0 : Math.max(0, image.fileClusters - 1))
}

/** To the window before or after the pinned cluster's. */
export function moveToWindow(by: 1 | -1): void {
  const { map } = mapStore.getState()
  if (!map?.layout) return
  const { selected } = selectionStore.getState()
  const now = selected === undefined ? undefined : Math.floor(selected / WINDOW_CLUSTERS)
  const next = now === undefined ? (by === 1 ? 0 : map.layout.count - 1) : now + by
  if (next >= 0 && next < map.layout.count) goToWindow(next)
}

/** Brings the pinned cluster into sight, large enough to be seen; pins one where none is. */
export function showPinned(): void {
  const { selected } = selectionStore.getState()
  if (selected === undefined) move((_, cluster) => cluster)
  else goToCluster(selected)
}
