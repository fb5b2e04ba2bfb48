/** What the map's legend has filtered out, a layer at a time; as long as the page lasts. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { type Layer, LAYERS } from '../lib/layers.ts'

export interface LayerFilterState {
  /** Kinds that are not to be seen, by the names that the layer's legend gives them. */
  readonly hidden: Readonly<Record<Layer, readonly string[]>>
  setHidden(layer: Layer, kinds: readonly string[]): void
}

export const createLayerFilterStore = () =>
  createStore<LayerFilterState>()((set, get) => ({
    hidden: Object.fromEntries(LAYERS.map(layer => [layer, []])) as unknown as LayerFilterState['hidden'],
    setHidden: (layer, kinds) => set({ hidden: { ...get().hidden, [layer]: kinds } }),
  }))

export const layerFilterStore = createLayerFilterStore()

export function useLayerFilter<T>(select: (state: LayerFilterState) => T): T {
  return useStore(layerFilterStore, select)
}
