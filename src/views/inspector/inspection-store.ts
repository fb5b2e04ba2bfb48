/**
 * What is known of the cluster under the pointer, else of the pinned one. Asked for at most once a frame
 * and one at a time; of those wished for meanwhile only the newest is kept.
 */
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { Cancelled } from '../../lib/cancel.ts'
import type { Inspection } from '../../simulation/inspection.ts'
import { type SelectionState, selectionStore } from '../../state/selection-store.ts'
import { type SessionState, sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { type SimulatorClient, WorkerLost } from '../../state/simulator-client.ts'

export interface InspectionState {
  /** The last answer. It stays until the next one is there, so that nothing flickers. */
  readonly inspection: Inspection | undefined
  /** Why there is none. */
  readonly failure: string | undefined
}

export interface InspectionSources {
  readonly client: SimulatorClient
  readonly session: Pick<StoreApi<SessionState>, 'getState' | 'subscribe'>
  readonly selection: Pick<StoreApi<SelectionState>, 'getState' | 'subscribe'>
  /** Calls back in the next frame. */
  nextFrame(callback: () => void): void
}

/** @returns the store, which follows its sources from then on */
export function createInspectionStore({ client, session, selection, nextFrame }: InspectionSources) {
  const store = createStore<InspectionState>()(() => ({ inspection: undefined, failure: undefined }))
  let scheduled = false
  let busy = false
  let answered = ''

  const wish = () => {
    const { hovered, selected } = selection.getState()
    const { run, revision } = session.getState()
    const cluster = hovered ?? selected
    return { run, cluster, key: run === 0 || cluster === undefined ? '' : `${run} ${revision} ${cluster}` }
  }

  const ask = async () => {
    scheduled = false
    const { run, cluster, key } = wish()
    if (busy || key === answered) return
    answered = key
    if (key === '' || cluster === undefined) {
      store.setState({ inspection: undefined, failure: undefined })
      return
    }
    busy = true
    try {
      const { inspection } = await client.request({ type: 'inspect', run, cluster })
      if (session.getState().run === run) store.setState({ inspection, failure: undefined })
    } catch (error) {
      // A cancelled answer belongs to an image that is no longer open; of a lost worker the page tells.
      if (!(error instanceof Cancelled || error instanceof WorkerLost))
        store.setState({ failure: error instanceof Error ? error.message : String(error) })
    } finally {
      busy = false
      schedule()
    }
  }

  const schedule = () => {
    if (scheduled || busy || wish().key === answered) return
    scheduled = true
    nextFrame(() => void ask())
  }

  session.subscribe(schedule)
  selection.subscribe(schedule)
  return store
}

export const inspectionStore = createInspectionStore({
  client: simulator,
  session: sessionStore,
  selection: selectionStore,
  nextFrame: callback => requestAnimationFrame(callback),
})

export function useInspection<T>(select: (state: InspectionState) => T): T {
  return useStore(inspectionStore, select)
}
