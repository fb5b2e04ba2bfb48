import { FRAMES } from '../../render/legend-entries.ts'
import { useSession } from '../../state/session-store.ts'

/** What the frames around tiles mean, and the marks that are the same in every layer. */
export function FrameKeys() {
  const outcome = useSession(state => state.report?.outcome.kind)
  const hasPath = useSession(state => (state.report?.live?.path.length ?? 0) > 0)
  if (outcome !== 'guarded' && !hasPath) return null
  return (
    <ul className="legend-frames" aria-label="Frames">
      {outcome === 'guarded' &&
        FRAMES.map(({ key, look, text, title }) => (
          <li key={key} title={title}>
            <i className={`legend-frame legend-${look}`} />
            {text}
          </li>
        ))}
      {hasPath && (
        <li title="Where the last command that wrote went; a cross: metadata lies there">
          <i className="legend-frame legend-path" />
          last command
        </li>
      )}
    </ul>
  )
}
