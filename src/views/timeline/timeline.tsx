import { useSession } from '../../state/session-store.ts'
import { timelineWords } from './timeline-words.ts'
import './timeline.css'

/** What the engine was asked in all, and what memory that took. */
export function Timeline() {
  const report = useSession(state => state.report)
  return (
    <section className="panel timeline" aria-label="Timeline" data-panel="timeline">
      <h2>Timeline</h2>
      <p className="muted">
        {report ? timelineWords(report) : 'The engine’s calls are counted here once an image is open.'}
      </p>
    </section>
  )
}
