/** What the box that finds things has found. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { FindKindName } from '../../../lib/find-kinds.ts'
import type { Found } from '../../../simulation/find/places.ts'
import type { GuestRoute } from '../../../simulation/guest-route.ts'
import { sessionStore } from '../../../state/session-store.ts'
import type { Counts } from './suggest.ts'

export interface Fault {
  readonly message: string
  readonly advice: string | undefined
}

/** What came of the last search. */
export type FindResult =
  | {
      readonly type: 'kind'
      readonly kind: FindKindName
      readonly found: Found | undefined
      /** It was gone round the end of the image. */
      readonly wrapped: boolean
      /** Somebody asked for it, rather than that the image has changed. */
      readonly asked: boolean
    }
  | { readonly type: 'guest'; readonly route: GuestRoute }
  | { readonly type: 'fault'; readonly fault: Fault }

export interface FindState {
  readonly text: string
  readonly result: FindResult | undefined
  /** Of which image and picture the result is. */
  readonly run: number
  readonly revision: number
  readonly counts: { readonly of: Counts; readonly run: number; readonly revision: number } | undefined
  setText(text: string): void
  setResult(result: FindResult | undefined): void
  setCounts(counts: Counts, run: number, revision: number): void
}

export const findStore = createStore<FindState>()(set => ({
  text: '',
  result: undefined,
  run: 0,
  revision: 0,
  counts: undefined,
  setText: text => set({ text, result: undefined }),
  setResult: result => {
    const { run, revision } = sessionStore.getState()
    set({ result, run, revision })
  },
  setCounts: (of, run, revision) => set({ counts: { of, run, revision } }),
}))

export function useFind<T>(select: (state: FindState) => T): T {
  return useStore(findStore, select)
}

/** The kind that next and previous go through. What was found in another image says nothing of this one, a kind does. */
export function kindOf({ result }: FindState): FindKindName | undefined {
  return result?.type === 'kind' ? result.kind : undefined
}
