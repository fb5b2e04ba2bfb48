import { type FormEvent, useId, useState } from 'react'
import { UserError } from '../../lib/user-error.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { sessionStore, useSession } from '../../state/session-store.ts'
import { type Destination, parseDestination } from './destination.ts'
import { goToCluster, goToWindow } from './map-actions.ts'
import { GO_TO_INPUT_ID } from './map-commands.ts'

/** The field for going to an offset, a cluster or a window. */
export function GoTo() {
  const [text, setText] = useState('')
  const [fault, setFault] = useState<{ readonly error: UserError; readonly run: number }>()
  const isOpen = useSession(state => state.report !== undefined)
  const run = useSession(state => state.run)
  const id = useId()
  // What was wrong for one image says nothing of the next.
  const error = fault?.run === run ? fault.error : undefined
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    try {
      go(destinationOf(text))
      setFault(undefined)
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown
      setFault({ error: thrown, run })
    }
  }
  return (
    <form className="map-go-to" role="search" onSubmit={onSubmit}>
      <label className="visually-hidden" htmlFor={GO_TO_INPUT_ID}>
        Go to offset, cluster or window
      </label>
      <input
        id={GO_TO_INPUT_ID}
        className="field"
        type="search"
        value={text}
        disabled={!isOpen}
        placeholder="Go to offset, cluster, window"
        title="768M, 0x30000000, cluster 12288, window 3 (G)"
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== undefined}
        aria-describedby={error ? id : undefined}
        onChange={event => {
          setText(event.target.value)
          setFault(undefined)
        }}
        onKeyDown={event => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          setFault(undefined)
          if (text === '') event.currentTarget.blur()
          setText('')
        }}
      />
      {error && (
        <p id={id} className="map-go-to-error" role="alert">
          <b>{error.message}</b> {error.advice}
        </p>
      )}
    </form>
  )
}

function destinationOf(text: string): Destination {
  const { image, report } = sessionStore.getState()
  return parseDestination(text, {
    clusterSize: image?.clusterSize ?? 1,
    windows: report?.windows.count ?? 0,
  })
}

function go({ start, clusters }: Destination) {
  if (clusters === 1) goToCluster(start)
  else goToWindow(Math.floor(start / WINDOW_CLUSTERS))
}
