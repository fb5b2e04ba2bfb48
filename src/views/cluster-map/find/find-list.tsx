import { formatCount } from '../../../lib/sizes.ts'
import { spokenSuggestion } from './find-words.ts'
import type { Suggestion } from './suggest.ts'

export const FIND_LIST_ID = 'map-find-list'
export const optionId = (index: number): string => `map-find-option-${index}`

interface Props {
  readonly suggestions: readonly Suggestion[]
  readonly active: number
  onTake(suggestion: Suggestion): void
}

/** What the box offers. The field above has the focus and its keys. */
export function FindList({ suggestions, active, onTake }: Props) {
  return (
    <div id={FIND_LIST_ID} className="map-find-list" role="listbox" aria-label="What can be found">
      {suggestions.map((suggestion, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={suggestion.text}
          ref={element => {
            if (index === active) element?.scrollIntoView({ block: 'nearest' })
          }}
          id={optionId(index)}
          className="map-find-item"
          role="option"
          aria-selected={index === active}
          aria-label={spokenSuggestion(suggestion)}
          // Else the field would lose the focus, and the list with it.
          onMouseDown={event => event.preventDefault()}
          onClick={() => onTake(suggestion)}
        >
          <span>{suggestion.label}</span>
          <span className="map-find-about">{suggestion.about}</span>
          {suggestion.clusters !== undefined && (
            <span className="number">{formatCount(suggestion.clusters)}</span>
          )}
        </div>
      ))}
    </div>
  )
}
