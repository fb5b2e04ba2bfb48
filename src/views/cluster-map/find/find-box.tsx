import { Autocomplete } from '@base-ui/react/autocomplete'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { formatCount } from '../../../lib/sizes.ts'
import { useSelection } from '../../../state/selection-store.ts'
import { sessionStore, useSession } from '../../../state/session-store.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { FIND_INPUT_ID, focusMap } from '../focus.ts'
import { countKinds, findExtent, mapExtent, recount, submitFind } from './find-actions.ts'
import { FindAnswer } from './find-answer.tsx'
import { useFind } from './find-store.ts'
import { countText, countTitle, spokenResult, spokenSuggestion } from './find-words.ts'
import { type Suggestion, suggest } from './suggest.ts'
import './find-box.css'

/** One box that finds places, guest offsets, kinds of clusters and what is wrong with them. */
export function FindBox() {
  const text = useFind(state => state.text)
  const setText = useFind(state => state.setText)
  const result = useResult()
  const selected = useSelection(state => state.selected)
  const isOpenImage = useSession(state => state.report !== undefined)
  const [isListed, setListed] = useState(false)
  const highlighted = useRef<Suggestion | undefined>(undefined)
  const suggestions = useSuggestions(text, isListed)
  const isShown = isListed && suggestions.length > 0
  const count = countText(result, selected)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !(isShown && highlighted.current)) {
      setListed(false)
      void submitFind(text, event.shiftKey ? -1 : 1)
    } else if (event.key === 'Escape') {
      if (isShown) setListed(false)
      else if (text === '') focusMap()
      else setText('')
    } else {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') setListed(true)
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="map-find" role="search" aria-label="Find on the map">
      <Autocomplete.Root
        items={suggestions}
        filter={null}
        value={text}
        // What is chosen with Enter is followed, and its text set, by the item.
        onValueChange={(value, { reason }) => {
          if (reason !== 'input-change') return
          setText(value)
          setListed(true)
        }}
        // A popup of the library's own would hide the rest of the page from those who hear it.
        inline
        open={isShown}
        itemToStringValue={(item: Suggestion) => item.text}
        onItemHighlighted={item => {
          highlighted.current = item
        }}
        disabled={!isOpenImage}
      >
        <div className="field map-find-field">
          <Autocomplete.Input
            id={FIND_INPUT_ID}
            className="map-find-input"
            aria-label="Find"
            placeholder="Find offset, cluster, kind …"
            title="768M, cluster 12288, window 3, guest 1M, active L2, leaked, unguarded (G)"
            spellCheck={false}
            autoComplete="off"
            aria-invalid={result?.type === 'fault'}
            aria-describedby={result?.type === 'fault' ? 'map-find-answer' : undefined}
            onKeyDown={onKeyDown}
            onClick={() => setListed(true)}
            onBlur={() => setListed(false)}
          />
          {count !== '' && (
            <span className="map-find-count" title={countTitle(result)} data-testid="find-count">
              {count}
            </span>
          )}
          <CommandButton
            id="map-find-previous"
            variant="button-quiet map-find-step"
            label="Find the previous"
          >
            ‹
          </CommandButton>
          <CommandButton id="map-find-next" variant="button-quiet map-find-step" label="Find the next">
            ›
          </CommandButton>
        </div>
        {isShown && (
          <Autocomplete.List className="map-find-list" aria-label="What can be found">
            {(item: Suggestion) => (
              <Autocomplete.Item
                key={item.text}
                value={item}
                className="map-find-item"
                aria-label={spokenSuggestion(item)}
                // The field keeps the focus, and the list with it.
                onMouseDown={event => event.preventDefault()}
                onClick={() => {
                  setText(item.text)
                  setListed(false)
                  void submitFind(item.text)
                }}
              >
                <span>{item.label}</span>
                <span className="map-find-about">{item.about}</span>
                {item.clusters !== undefined && <span className="number">{formatCount(item.clusters)}</span>}
              </Autocomplete.Item>
            )}
          </Autocomplete.List>
        )}
      </Autocomplete.Root>
      {!isShown && <FindAnswer result={result} />}
      <p className="visually-hidden" role="status" data-testid="find-status">
        {spokenResult(result, mapExtent())}
      </p>
    </div>
  )
}

/** What was found, as long as it is of the image that is shown; counted again when that has changed. */
function useResult() {
  const run = useSession(state => state.run)
  const result = useFind(state => (state.run === run ? state.result : undefined))
  useEffect(
    () =>
      sessionStore.subscribe((now, before) => {
        if (now.report !== before.report) void recount()
      }),
    [],
  )
  return result
}

function useSuggestions(text: string, isListed: boolean): Suggestion[] {
  const run = useSession(state => state.run)
  const revision = useSession(state => state.revision)
  const counts = useFind(({ counts: counted }) =>
    counted?.run === run && counted.revision === revision ? counted.of : undefined,
  )
  const isWanted = isListed && counts === undefined
  useEffect(() => {
    if (isWanted) void countKinds()
  }, [isWanted])
  return isListed ? suggest(text, findExtent(), counts) : []
}
