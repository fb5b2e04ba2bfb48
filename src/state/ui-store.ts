/** What lies over the page just now: a dialog, a short notice, or a word on the address it was opened with. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

export type DialogName = 'scenarios' | 'new-image' | 'palette' | 'shortcuts' | 'qemu-options' | 'workload'

export interface BadLink {
  readonly message: string
  readonly advice?: string | undefined
}

export interface UiState {
  readonly dialog: DialogName | undefined
  /** A sentence that goes away by itself, such as "Link copied." */
  readonly notice: { readonly text: string; readonly count: number } | undefined
  /** Why the address was not followed. It stays until it is dismissed, and so does the address. */
  readonly badLink: BadLink | undefined
  open(dialog: DialogName): void
  close(): void
  notify(text: string): void
  clearNotice(): void
  refuseLink(badLink: BadLink): void
  dismissLink(): void
}

export function createUiStore() {
  return createStore<UiState>()((set, get) => ({
    dialog: undefined,
    notice: undefined,
    badLink: undefined,
    open: dialog => set({ dialog }),
    close: () => set({ dialog: undefined }),
    notify: text => set({ notice: { text, count: (get().notice?.count ?? 0) + 1 } }),
    clearNotice: () => set({ notice: undefined }),
    refuseLink: badLink => set({ badLink }),
    dismissLink: () => set({ badLink: undefined }),
  }))
}

export const uiStore = createUiStore()

export function useUi<T>(select: (state: UiState) => T): T {
  return useStore(uiStore, select)
}
