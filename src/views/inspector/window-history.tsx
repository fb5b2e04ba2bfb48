import { formatCount } from '../../lib/sizes.ts'
import type { HistoryInspection, HistoryLine } from '../../simulation/inspection.ts'
import { EventLink } from './event-link.tsx'
import { visitCluster } from './inspector-actions.ts'

interface Props {
  readonly window: number
  readonly history: HistoryInspection
}

/** How often its bitmap was built, given back, kept and refused; and when, newest first, as far as that is known. */
export function WindowHistory({ window, history }: Props) {
  const { counts, total, kept, lines } = history
  if (total === 0)
    return <p className="muted history">Nothing has happened to its bitmap since the image was opened.</p>
  const parts = [
    [counts.built, 'built'],
    [counts.fragments, 'given back as fragments'],
    [counts.unmodified, 'given back unmodified'],
    [counts.kept, 'pinned'],
    [counts.refused, 'refused'],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${what} ${times(count)}`)
  const shown = lines.reduce((sum, line) => sum + line.times, 0)
  return (
    <div className="history">
      <p>Its bitmap was {said.join(', ')}.</p>
      <p className="muted">
        Told from when the image was last opened: a reopen makes the list anew, and begins its history with
        it.
      </p>
      {kept < total && (
        <p className="muted">
          The last {formatCount(kept)} of {formatCount(total)} are kept: older ones are only counted.
        </p>
      )}
      <ol
        className="history-lines"
        aria-label={`What happened to window ${formatCount(window)}, newest first`}
      >
        {lines.map((line, index) => (
          // In one step the same may happen twice.
          // oxlint-disable-next-line react/no-array-index-key
          <Line key={`${line.step} ${index}`} line={line} />
        ))}
      </ol>
      {shown < kept && (
        <p className="muted">
          The {formatCount(shown)} newest are shown, of {formatCount(kept)} that are kept.
        </p>
      )}
    </div>
  )
}

const times = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : `${formatCount(count)} times`

function Line({ line }: { readonly line: HistoryLine }) {
  const { step, kind, cluster, text, cause, group } = line
  const name = `step ${formatCount(step + 1)}`
  return (
    <li className={kind === 'refused' ? 'history-refused' : undefined}>
      {cluster === undefined ? (
        name
      ) : (
        <button
          type="button"
          className="link"
          title={`Go to cluster ${formatCount(cluster)}, which it was about`}
          onClick={() => visitCluster(cluster)}
        >
          {name}
        </button>
      )}
      : <b>{text}</b>
      {line.times > 1 && `, ${times(line.times)}`}
      {cause && <span className="muted"> by {cause}</span>}
      {group !== undefined && (
        <>
          {' '}
          <EventLink group={group} />
        </>
      )}
    </li>
  )
}
