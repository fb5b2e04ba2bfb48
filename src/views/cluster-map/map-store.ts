/** The map that is on the page, for commands and panels that act on it. */
import { createStore } from 'zustand/vanilla'
import type { MapController } from './map-controller.ts'

export interface MapState {
  readonly map: MapController | undefined
}

export const mapStore = createStore<MapState>()(() => ({ map: undefined }))
