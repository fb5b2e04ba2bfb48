import { type KeyboardEvent, useState } from 'react'
import { useUi } from '../../state/ui-store.ts'
import { type Command, isEnabled } from '../commands/command.ts'
import { COMMANDS } from '../commands/command-table.ts'
import { isMac, showKeys } from '../commands/keys.ts'
import { findCommands } from './find-commands.ts'
import { Modal } from './modal.tsx'
import './palette-dialog.css'

/** Every command by name: type a part of it, Enter runs it. */
export function PaletteDialog() {
  return (
    <Modal name="palette" title="Find a command">
      <Palette />
    </Modal>
  )
}

function Palette() {
  const close = useUi(state => state.close)
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const found = findCommands(COMMANDS, text).filter(({ id }) => id !== 'palette')

  const run = (command: Command | undefined) => {
    if (!command || !isEnabled(command)) return
    // Closed first: a command may open a dialog of its own.
    close()
    command.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }
    const by = moves[event.key]
    if (event.key === 'Enter') run(found[active])
    else if (by !== undefined && found.length > 0) setActive((active + by + found.length) % found.length)
    else return
    event.preventDefault()
  }

  return (
    <>
      <input
        className="field palette-input"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[active] ? `palette-${found[active].id}` : undefined}
        placeholder="What do you want to do?"
        value={text}
        onChange={event => {
          setText(event.target.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div className="choices palette-list" id="palette-list" role="listbox" aria-label="Commands found">
        {found.map((command, index) => (
          <PaletteItem key={command.id} command={command} active={index === active} onRun={run} />
        ))}
        {found.length === 0 && <p className="muted">No command is called that.</p>}
      </div>
    </>
  )
}

interface ItemProps {
  readonly command: Command
  readonly active: boolean
  onRun(command: Command): void
}

function PaletteItem({ command, active, onRun }: ItemProps) {
  const { id, title, keys } = command
  const key = keys?.[0]
  return (
    // The field above has the focus and its keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      ref={element => {
        if (active) element?.scrollIntoView({ block: 'nearest' })
      }}
      id={`palette-${id}`}
      className="choice palette-item"
      role="option"
      aria-selected={active}
      aria-disabled={!isEnabled(command)}
      onClick={() => onRun(command)}
    >
      <span>{title}</span>
      {key && <kbd>{showKeys(key, isMac())}</kbd>}
    </div>
  )
}
