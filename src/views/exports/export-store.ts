/** The export that is under way, if one is: how far it has come, and how to stop it. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Progress } from '../../worker/protocol.ts'

export interface RunningExport {
  /** What is written, as in "Exporting the structures". */
  readonly what: string
  /** undefined until the worker has begun: commands given before come first. */
  readonly progress: Progress | undefined
}

export const exportStore = createStore<{ readonly running: RunningExport | undefined }>()(() => ({
  running: undefined,
}))

export const useRunningExport = (): RunningExport | undefined => useStore(exportStore, state => state.running)
