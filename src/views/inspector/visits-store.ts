/** Places in the file that links of the inspector were followed to, so that one can go back. */
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type SelectionState, selectionStore } from '../../state/selection-store.ts'
import { type SessionState, sessionStore } from '../../state/session-store.ts'

/** A byte of the file. */
export interface Place {
  readonly cluster: number
  /** In the cluster. */
  readonly byte: number
}

export interface VisitsState {
  /** Where one came from, the last one last, and where one came back from. */
  readonly past: readonly Place[]
  readonly future: readonly Place[]
  /** Where a link led last; a new object each time, so that following it again shows it again. */
  readonly place: Place | undefined
  /** Pins a place's cluster and shows it. */
  visit(place: Place): void
  back(): void
  forward(): void
  /** Says which byte of the pinned cluster is looked at, for coming back to. */
  note(place: Place): void
}

/** More are forgotten, the oldest first. */
const MOST_VISITS = 200

export interface VisitSources {
  readonly session: Pick<StoreApi<SessionState>, 'subscribe'>
  readonly selection: Pick<StoreApi<SelectionState>, 'getState'>
}

/** @returns the store; it forgets everything when another image is opened */
export function createVisitsStore({ session, selection }: VisitSources) {
  let noted: Place | undefined
  /** The pinned cluster, at the byte that is looked at there. */
  const here = (): Place[] => {
    const { selected } = selection.getState()
    if (selected === undefined) return []
    return [noted?.cluster === selected ? noted : { cluster: selected, byte: 0 }]
  }
  const store = createStore<VisitsState>()((set, get) => {
    const show = (place: Place, rest: Pick<VisitsState, 'past' | 'future'>) => {
      noted = place
      set({ place: { ...place }, ...rest })
      const { select, reveal } = selection.getState()
      select(place.cluster)
      reveal({ start: place.cluster, clusters: 1 })
    }
    return {
      past: [],
      future: [],
      place: undefined,
      visit: place => show(place, { past: [...get().past, ...here()].slice(-MOST_VISITS), future: [] }),
      back() {
        const { past, future } = get()
        const to = past.at(-1)
        if (to) show(to, { past: past.slice(0, -1), future: [...here(), ...future] })
      },
      forward() {
        const { past, future } = get()
        const [to] = future
        if (to) show(to, { past: [...past, ...here()], future: future.slice(1) })
      },
      note: place => {
        noted = place
      },
    }
  })
  session.subscribe((now, before) => {
    if (now.run !== before.run) store.setState({ past: [], future: [], place: undefined })
  })
  return store
}

export const visitsStore = createVisitsStore({ session: sessionStore, selection: selectionStore })

export function useVisits<T>(select: (state: VisitsState) => T): T {
  return useStore(visitsStore, select)
}
