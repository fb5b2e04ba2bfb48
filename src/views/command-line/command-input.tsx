import { type ClipboardEvent, type KeyboardEvent, useId, useRef, useState } from 'react'
import { sessionStore } from '../../state/session-store.ts'
import { IMAGE_COMMANDS } from '../../worker/catalogue.ts'
import { commandOf, complete } from './complete.ts'
import { TypedLines } from './typed-lines.ts'

export const COMMAND_FIELD_ID = 'command-field'

const HELP = 'Tab completes, ↑ recalls, scripts can be pasted'

/** The line that is typed: Enter runs it, Tab completes it, the arrows bring earlier ones back, Escape empties it or stops. */
export function CommandInput() {
  const [line, setLine] = useState('')
  const [candidates, setCandidates] = useState<readonly string[]>([])
  const typed = useRef<TypedLines>(undefined)
  typed.current ??= new TypedLines()
  const hintId = useId()
  const edit = (text: string) => {
    setLine(text)
    setCandidates([])
  }

  const run = (text: string) => {
    if (text.trim() === '') return
    for (const each of text.split('\n')) if (each.trim() !== '') typed.current!.add(each.trim())
    edit('')
    void sessionStore.getState().runCommands(text)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const take = (text: string | undefined) => {
      if (text === undefined) return
      event.preventDefault()
      edit(text)
    }
    switch (event.key) {
      case 'Enter':
        return run(line)
      case 'ArrowUp':
        return take(typed.current!.older(line))
      case 'ArrowDown':
        return take(typed.current!.newer())
      case 'Escape':
        event.stopPropagation()
        if (line === '') sessionStore.getState().stopCommands()
        return edit('')
      case 'Tab': {
        // Where there is nothing to complete, Tab goes on to what comes next on the page, as it does anywhere.
        const found = event.shiftKey ? undefined : complete(line, IMAGE_COMMANDS)
        if (!found || (found.line === line && candidates.length > 0)) return
        event.preventDefault()
        setLine(found.line)
        setCandidates(found.candidates.length > 1 ? found.candidates : [])
      }
    }
  }

  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData('text')
    if (!/\n/.test(text.trim())) return
    event.preventDefault()
    const { selectionStart, selectionEnd } = event.currentTarget
    run(line.slice(0, selectionStart ?? line.length) + text + line.slice(selectionEnd ?? line.length))
  }

  const command = commandOf(line, IMAGE_COMMANDS)
  const hint = candidates.length > 0 ? candidates.join('  ') : command && `${command.name} ${command.usage}`
  return (
    <div className="command-input">
      <label className="command-prompt mono" htmlFor={COMMAND_FIELD_ID}>
        qemu-io&gt;
      </label>
      <input
        id={COMMAND_FIELD_ID}
        className="field mono"
        aria-label="Command"
        aria-describedby={hintId}
        value={line}
        placeholder={HELP}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onChange={event => edit(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <p id={hintId} className={hint ? 'command-hint mono' : 'visually-hidden'}>
        {hint ?? HELP}
      </p>
    </div>
  )
}
