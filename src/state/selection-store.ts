/** Which cluster the pointer is on, which one is pinned, and where the map was last sent. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

/** A range of host clusters to be brought into view. */
export interface Reveal {
  readonly start: number
  readonly clusters: number
  /** Counts the requests, so that asking for the same range again moves the map again. */
  readonly count: number
}

export interface SelectionState {
  readonly hovered: number | undefined
  readonly selected: number | undefined
  readonly revealed: Reveal | undefined
  /** Pins a host cluster; undefined lets go of it. */
  select(cluster: number | undefined): void
  hover(cluster: number | undefined): void
  /** Asks the map to pan and zoom to a range of host clusters. */
  reveal(range: { readonly start: number; readonly clusters: number }): void
  /** Forgets everything that belonged to the image before. */
  clear(): void
}

export function createSelectionStore() {
  return createStore<SelectionState>()((set, get) => ({
    hovered: undefined,
    selected: undefined,
    revealed: undefined,
    select: selected => set({ selected }),
    hover: hovered => {
      if (hovered !== get().hovered) set({ hovered })
    },
    reveal: ({ start, clusters }) =>
      set(({ revealed }) => ({ revealed: { start, clusters, count: (revealed?.count ?? 0) + 1 } })),
    clear: () => set({ hovered: undefined, selected: undefined, revealed: undefined }),
  }))
}

export const selectionStore = createSelectionStore()

export function useSelection<T>(select: (state: SelectionState) => T): T {
  return useStore(selectionStore, select)
}
