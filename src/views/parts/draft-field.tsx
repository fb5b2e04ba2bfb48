import { type KeyboardEvent, useId } from 'react'
import { type DraftError, useDraft } from './draft.ts'
import './draft-field.css'

interface Props {
  readonly label: string
  /** The value as shown. */
  readonly value: string
  /** Takes a new text over, or says what is wrong with it. */
  accept(text: string): DraftError | undefined
  /** Within the label: what the value comes to. */
  readonly unit?: string | undefined
  readonly placeholder?: string
  readonly title?: string
  readonly disabled?: boolean
}

/** A line with a label and a text field that takes effect on Enter or on leaving it. Escape reverts. */
export function DraftField({ label, value, accept, unit, placeholder, title, disabled = false }: Props) {
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
      <label htmlFor={id}>
        {label} {unit && <span className="draft-field-unit">{unit}</span>}
      </label>
      <input
        id={id}
        className="field mono"
        aria-label={label}
        value={draft.text}
        placeholder={placeholder}
        disabled={disabled}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={draft.error !== undefined}
        aria-describedby={draft.error && `${id}-error`}
        onChange={event => draft.edit(event.target.value)}
        onBlur={draft.commit}
        onKeyDown={onKeyDown}
      />
      {draft.error && (
        <p id={`${id}-error`} className="draft-field-error" role="alert">
          <b>{draft.error.message}</b> {draft.error.advice}
        </p>
      )}
    </div>
  )
}
