import { type ReactNode, useId } from 'react'
import { usePreferences } from '../../state/preferences-store.ts'

interface Props {
  /** Under which it is remembered whether it is folded. */
  readonly name: string
  readonly title: string
  /** Said more quietly behind the title. */
  readonly note?: string
  readonly children: ReactNode
}

/** A part of the panel that can be folded away, and stays so. */
export function Section({ name, title, note, children }: Props) {
  const id = useId()
  const folded = usePreferences(state => state.folded.includes(name))
  const setFolded = usePreferences(state => state.setFolded)
  return (
    <section className="inspector-section" aria-label={title}>
      <h3 className="inspector-title">
        <button
          type="button"
          aria-expanded={!folded}
          aria-controls={id}
          onClick={() => setFolded(name, !folded)}
        >
          {title}
        </button>
        {note && <span>{note}</span>}
      </h3>
      <div id={id} hidden={folded}>
        {!folded && children}
      </div>
    </section>
  )
}
