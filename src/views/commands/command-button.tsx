import type { ReactNode } from 'react'
import { useSession } from '../../state/session-store.ts'
import { isEnabled } from './command.ts'
import { command } from './command-table.ts'
import { isMac, showKeys } from './keys.ts'

interface Props {
  /** The command's id. */
  readonly id: string
  readonly children: ReactNode
  /** Further classes: button-primary, button-quiet, button-small. */
  readonly variant?: string
  /** Said instead of the children, where these are a glyph. */
  readonly label?: string
}

/** A button that runs a command of the table, and tells its key. */
export function CommandButton({ id, children, variant = '', label }: Props) {
  const { title, keys, run } = command(id)
  const enabled = useSession(() => isEnabled(command(id)))
  const key = keys?.[0]
  return (
    <button
      type="button"
      className={`button ${variant}`}
      title={key ? `${title} (${showKeys(key, isMac())})` : title}
      aria-label={label}
      disabled={!enabled}
      onClick={run}
    >
      {children}
    </button>
  )
}
