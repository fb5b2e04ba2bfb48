/** Which row of the event log another panel asked to see. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

export interface LogFocusState {
  /** A row by its index in the whole log; a new object each time, so that asking again shows it again. */
  readonly asked: { readonly group: number } | undefined
  show(group: number): void
}

export const logFocusStore = createStore<LogFocusState>()(set => ({
  asked: undefined,
  show: group => set({ asked: { group } }),
}))

export function useLogFocus<T>(select: (state: LogFocusState) => T): T {
  return useStore(logFocusStore, select)
}
