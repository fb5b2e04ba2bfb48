import { useEffect } from 'react'
import { uiStore } from '../../state/ui-store.ts'
import { COMMANDS } from './command-table.ts'
import { commandFor } from './keys.ts'

/** Runs commands by their keys, wherever the focus is, as long as no dialog has the page. */
export function useCommandKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || uiStore.getState().dialog) return
      const found = commandFor(COMMANDS, event, isTyping(event.target), placeOf(event.target))
      if (!found) return
      event.preventDefault()
      found.run()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

const TEXT_FIELDS = 'textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])'

const isTyping = (target: EventTarget | null) => target instanceof Element && target.matches(TEXT_FIELDS)

const placeOf = (target: EventTarget | null): string | undefined =>
  target instanceof Element ? target.closest<HTMLElement>('[data-keys]')?.dataset['keys'] : undefined
