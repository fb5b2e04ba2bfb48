import { useSession } from '../../state/session-store.ts'

const FRAMES = ['fragments', 'cached', 'kept', 'refused'] as const

const FRAME_TITLES: Readonly<Record<(typeof FRAMES)[number], string>> = {
  fragments: 'The window is held as a list of fragments',
  cached: 'The window’s bitmap is in a slot of the cache',
  kept: 'The window’s bitmap is kept outside the slots, for good',
  refused: 'The window’s bitmap was refused',
}

/** What the frames around tiles mean, and the marks that are the same in every layer. */
export function FrameKeys() {
  const outcome = useSession(state => state.report?.outcome.kind)
  const hasPath = useSession(state => (state.report?.live?.path.length ?? 0) > 0)
  if (outcome !== 'guarded' && !hasPath) return null
  return (
    <ul className="legend-frames" aria-label="Frames">
      {outcome === 'guarded' &&
        FRAMES.map(frame => (
          <li key={frame} title={FRAME_TITLES[frame]}>
            <i className={`legend-frame legend-${frame}`} />
            {frame}
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
