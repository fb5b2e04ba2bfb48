/** Text in a field that is not yet, or not validly, what the field stands for. */
import { useState } from 'react'

export interface Draft {
  readonly text: string
  readonly error: DraftError | undefined
  /** What the field's events call. */
  edit(text: string): void
  commit(): void
  revert(): void
}

export interface DraftError {
  readonly message: string
  readonly advice: string | undefined
}

interface State {
  readonly text: string
  /** The value it was typed over: once that changes by other means, the draft is void. */
  readonly over: string
  readonly error: DraftError | undefined
}

/**
 * @param shown the value as the field shows it when nobody is typing
 * @param accept takes a text over, or returns what is wrong with it; the text then stays to be mended
 */
export function useDraft(shown: string, accept: (text: string) => DraftError | undefined): Draft {
  const [state, setState] = useState<State>()
  const draft = state?.over === shown ? state : undefined
  return {
    text: draft?.text ?? shown,
    error: draft?.error,
    edit: text => setState({ text, over: shown, error: undefined }),
    commit: () => {
      if (!draft || draft.text === shown) return setState(undefined)
      const error = accept(draft.text)
      setState(error && { ...draft, error })
    },
    revert: () => setState(undefined),
  }
}
