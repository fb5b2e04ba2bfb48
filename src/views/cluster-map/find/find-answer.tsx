import { Fragment } from 'react'
import { goToCluster } from '../map-actions.ts'
import { mapExtent } from './find-actions.ts'
import { type FindResult, findStore } from './find-store.ts'
import { noneText } from './find-words.ts'
import { guestWords } from './guest-words.ts'
import type { GuestRoute } from '../../../simulation/guest-route.ts'

/** What there is to say of a search, below the box: why nothing was found, or the way to a guest offset. */
export function FindAnswer({ result }: { readonly result: FindResult | undefined }) {
  if (result?.type === 'fault')
    return (
      <p id="map-find-answer" className="map-find-answer" role="alert">
        <b>{result.fault.message}</b> {result.fault.advice}
      </p>
    )
  if (result?.type === 'guest') return <Route route={result.route} />
  if (result?.type === 'kind' && !result.found) return <p className="map-find-answer">{noneText(result)}</p>
  return null
}

function Route({ route }: { readonly route: GuestRoute }) {
  const { steps, sentence } = guestWords(route, mapExtent())
  return (
    <div className="map-find-answer" role="group" aria-label="The way to the guest offset">
      <button
        type="button"
        className="button button-quiet button-small map-find-close"
        aria-label="Close"
        onClick={() => findStore.getState().setResult(undefined)}
      >
        ✕
      </button>
      <p className="mono">
        {steps.map(({ text, cluster }, index) => (
          <Fragment key={text}>
            {index > 0 && ' → '}
            {cluster === undefined ? (
              text
            ) : (
              <button type="button" className="link" onClick={() => goToCluster(cluster)}>
                {text}
              </button>
            )}
          </Fragment>
        ))}
      </p>
      <p>{sentence}</p>
    </div>
  )
}
