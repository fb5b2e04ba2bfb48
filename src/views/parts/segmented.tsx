import './segmented.css'

interface Props<T extends string> {
  /** The group's name for those who cannot see where it stands. */
  readonly label: string
  readonly choices: readonly { readonly value: T; readonly text: string; readonly title?: string }[]
  /** undefined where none of them is what holds now. */
  readonly value: T | undefined
  readonly disabled?: boolean
  onChange(value: T): void
}

/** A few choices side by side, one of them in force: radio buttons, so that arrow keys work as anywhere. */
export function Segmented<T extends string>({ label, choices, value, disabled = false, onChange }: Props<T>) {
  return (
    <fieldset className="segmented" disabled={disabled}>
      <legend className="visually-hidden">{label}</legend>
      {choices.map(choice => (
        <label key={choice.value} title={choice.title}>
          <input
            type="radio"
            name={label}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.text}</span>
        </label>
      ))}
    </fieldset>
  )
}
