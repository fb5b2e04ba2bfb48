import { formatCount } from '../../lib/sizes.ts'
import { useSession } from '../../state/session-store.ts'
import './timeline.css'

/** The place of the timeline. So far it tells what the opening consisted of, and what is to come. */
export function Timeline() {
  const report = useSession(state => state.report)
  return (
    <section className="panel timeline" aria-label="Timeline" data-panel="timeline">
      <h2>Timeline</h2>
      <p className="muted">
        {report && report.steps > 0 && (
          <>
            <b>{formatCount(report.steps)}</b> engine {report.steps === 1 ? 'call' : 'calls'}{' '}
            {report.live ? 'so far' : 'opened this image'}.{' '}
          </>
        )}
        {report && report.steps > 0 ? 'Each' : 'Each engine call'} will be a step here, memory against the
        limit, to be walked forwards and back.
      </p>
    </section>
  )
}
