import { type KeyboardEvent, type ReactNode, useId } from 'react'
import { type DraftError, useDraft } from './draft.ts'
import './draft-field.css'

interface Props {
  readonly label: string
  /** The value as shown. */
  readonly value: string
  /** Takes a new text over, or says what is wrong with it. */
  accept(text: string): DraftError | undefined
  /** A word beside the field: what the value comes to. */
  readonly note?: ReactNode
  readonly placeholder?: string
  readonly title?: string
}

/** A line with a label and a text field that takes effect on Enter or on leaving it. Escape reverts. */
export function DraftField({ label, value, accept, note, placeholder, title }: Props) {
  const draft = useDraft(value, accept)
  const id = useId()
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') draft.commit()
    if (event.key === 'Escape') {
      draft.revert()
      event.stopPropagation()
    }
  }
  return (
    <div className="draft-field" title={title}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field mono"
        value={draft.text}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={draft.error !== undefined}
        aria-describedby={`${id}-note`}
        onChange={event => draft.edit(event.target.value)}
        onBlur={draft.commit}
        onKeyDown={onKeyDown}
      />
      <span id={`${id}-note`} className="draft-field-note">
        {draft.error ? (
          <span role="alert">
            <b>{draft.error.message}</b> {draft.error.advice}
          </span>
        ) : (
          note
        )}
      </span>
    </div>
  )
}
