import { type KeyboardEvent, useEffect, useState } from 'react'
import { useSelection } from '../../../state/selection-store.ts'
import { sessionStore, useSession } from '../../../state/session-store.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { FIND_INPUT_ID, focusMap } from '../focus.ts'
import { countKinds, findExtent, mapExtent, recount, submitFind } from './find-actions.ts'
import { FindAnswer } from './find-answer.tsx'
import { FIND_LIST_ID, FindList, optionId } from './find-list.tsx'
import { useFind } from './find-store.ts'
import { countText, countTitle, spokenResult } from './find-words.ts'
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
  /** Which suggestion is taken by Enter; -1: what is typed. */
  const [active, setActive] = useState(-1)
  const suggestions = useSuggestions(text, isListed)
  const isShown = suggestions.length > 0
  const isFault = result?.type === 'fault'
  const count = countText(result, selected)

  const close = () => {
    setListed(false)
    setActive(-1)
  }
  const take = ({ text: taken }: Suggestion) => {
    setText(taken)
    close()
    void submitFind(taken)
  }
  /** Through the suggestions, and what is typed between last and first. */
  const moveActive = (by: 1 | -1) => {
    setListed(true)
    const stops = suggestions.length + 1
    setActive(((active + 1 + by + stops) % stops) - 1)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = suggestions[active]
    if (event.key === 'Enter' && chosen) take(chosen)
    else if (event.key === 'Enter') {
      close()
      void submitFind(text, event.shiftKey ? -1 : 1)
    } else if (event.key === 'ArrowDown') moveActive(1)
    else if (event.key === 'ArrowUp') moveActive(-1)
    else if (event.key !== 'Escape') return
    else if (isShown) close()
    else if (text === '') focusMap()
    else setText('')
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="map-find" role="search" aria-label="Find on the map">
      <div className="field map-find-field">
        <input
          id={FIND_INPUT_ID}
          className="map-find-input"
          role="combobox"
          aria-label="Find"
          aria-autocomplete="list"
          aria-expanded={isShown}
          aria-controls={isShown ? FIND_LIST_ID : undefined}
          aria-activedescendant={suggestions[active] ? optionId(active) : undefined}
          aria-invalid={isFault}
          aria-describedby={isFault ? 'map-find-answer' : undefined}
          value={text}
          disabled={!isOpenImage}
          placeholder="Find offset, cluster, kind …"
          title="768M, cluster 12288, window 3, guest 1M, active L2, leaked, unguarded (G)"
          spellCheck={false}
          autoComplete="off"
          onChange={event => {
            setText(event.target.value)
            setListed(true)
            setActive(-1)
          }}
          onClick={() => setListed(true)}
          onBlur={close}
          onKeyDown={onKeyDown}
        />
        {count !== '' && (
          <span className="map-find-count" title={countTitle(result)} data-testid="find-count">
            {count}
          </span>
        )}
        <CommandButton id="map-find-previous" variant="button-quiet map-find-step" label="Find the previous">
          ‹
        </CommandButton>
        <CommandButton id="map-find-next" variant="button-quiet map-find-step" label="Find the next">
          ›
        </CommandButton>
      </div>
      {isShown ? (
        <FindList suggestions={suggestions} active={active} onTake={take} />
      ) : (
        <FindAnswer result={result} />
      )}
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
