/** The map that is on the page, for commands and panels that act on it; and how much of it is in sight. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { MapController } from './map-controller.ts'

export interface MapState {
  readonly map: MapController | undefined
  /** Whether all of the grid is in sight. */
  readonly fitted: boolean
}

export const mapStore = createStore<MapState>()(() => ({ map: undefined, fitted: true }))

export function useMap<T>(select: (state: MapState) => T): T {
  return useStore(mapStore, select)
}
