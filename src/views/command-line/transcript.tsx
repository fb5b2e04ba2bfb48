import { useEffect, useRef } from 'react'
import { formatCount } from '../../lib/sizes.ts'
import type { CommandEntry } from '../../simulation/report.ts'

/** What was given and what came of it, as a terminal shows it; the newest is kept in sight. */
export function Transcript({ entries }: { readonly entries: readonly CommandEntry[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const newest = entries.at(-1)
  useEffect(() => {
    const element = scroller.current
    if (element && newest) element.scrollTop = element.scrollHeight
  }, [newest])
  return (
    // Scrolled by keys, so it can have the focus.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className="transcript mono" role="log" aria-label="Transcript" tabIndex={0}>
      {entries.map(entry => (
        <Entry key={entry.index} entry={entry} />
      ))}
    </div>
  )
}

function Entry({ entry }: { readonly entry: CommandEntry }) {
  const { text, output, error, events, missed, gaveUp } = entry
  return (
    <div className="transcript-entry">
      <p className="transcript-command">{text}</p>
      {output.length > 0 && (
        <pre className={gaveUp ? 'transcript-refused' : undefined}>{output.join('\n')}</pre>
      )}
      {error && (
        <p className="transcript-error">
          <b>{error.message}</b>
          {error.advice && <span> {error.advice}</span>}
        </p>
      )}
      {(events > 0 || missed > 0) && (
        <p className="transcript-note">
          {[
            events > 0 && `${formatCount(events)} ${events === 1 ? 'event' : 'events'}`,
            missed > 0 && `${formatCount(missed)} missed ${missed === 1 ? 'overlap' : 'overlaps'}`,
          ]
            .filter(part => part !== false)
            .join(', ')}
        </p>
      )}
    </div>
  )
}
