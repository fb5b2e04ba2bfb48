/** What lies over the page just now: a dialog, or a short notice. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

export type DialogName = 'scenarios' | 'new-image' | 'palette' | 'shortcuts' | 'qemu-options'

export interface UiState {
  readonly dialog: DialogName | undefined
  /** A sentence that goes away by itself, such as "Link copied." */
  readonly notice: { readonly text: string; readonly count: number } | undefined
  open(dialog: DialogName): void
  close(): void
  notify(text: string): void
  clearNotice(): void
}

export function createUiStore() {
  return createStore<UiState>()((set, get) => ({
    dialog: undefined,
    notice: undefined,
    open: dialog => set({ dialog }),
    close: () => set({ dialog: undefined }),
    notify: text => set({ notice: { text, count: (get().notice?.count ?? 0) + 1 } }),
    clearNotice: () => set({ notice: undefined }),
  }))
}

export const uiStore = createUiStore()

export function useUi<T>(select: (state: UiState) => T): T {
  return useStore(uiStore, select)
}
