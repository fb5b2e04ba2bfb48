/** Which page of the Inspector panel is shown. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

export type InspectorPage = 'inspect' | 'structures'

interface InspectorPageState {
  readonly page: InspectorPage
  show(page: InspectorPage): void
}

export const inspectorPageStore = createStore<InspectorPageState>()(set => ({
  page: 'inspect',
  show: page => set({ page }),
}))

export const useInspectorPage = (): InspectorPage => useStore(inspectorPageStore, state => state.page)
