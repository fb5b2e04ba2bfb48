import type { CSSProperties } from 'react'
import { Owner } from '../../lib/owners.ts'
import {
  guardColour,
  GUARDED,
  type GuardStyle,
  LOCKED_OUT,
  LOST,
  NOT_METADATA,
  TYPE_NOT_CHECKED,
} from '../../render/guard-style.ts'
import { ownerColour } from '../../render/owner-style.ts'
import { usePreferences } from '../../state/preferences-store.ts'
import { useSession } from '../../state/session-store.ts'

const FRAMES = ['fragments', 'cached', 'kept', 'refused'] as const

const FRAME_TITLES: Readonly<Record<(typeof FRAMES)[number], string>> = {
  fragments: 'The window is held as a list of fragments',
  cached: 'The window’s bitmap is in a slot of the cache',
  kept: 'The window’s bitmap is kept outside the slots, for good',
  refused: 'The window’s bitmap was refused',
}

const LOCKED_OUT_TITLE =
  'Unguarded: recorded, but no bitmap can be built to look at it. A window’s frame of this colour says so of all in it'

/** What frames and cells mean. Metadata types have their colours in the Options panel. */
export function MapLegend() {
  const layer = usePreferences(state => state.layer)
  const outcome = useSession(state => state.report?.outcome.kind)
  const hasPath = useSession(state => (state.report?.live?.path.length ?? 0) > 0)
  return (
    <ul className="map-legend" aria-label="Legend">
      {outcome === 'guarded' &&
        FRAMES.map(frame => (
          <li key={frame} title={FRAME_TITLES[frame]}>
            <i className={`legend-frame legend-${frame}`} />
            {frame}
          </li>
        ))}
      {layer === 'owner' ? (
        <>
          <OwnerKey owner={Owner.guestData} text="guest data" />
          <OwnerKey owner={Owner.free} text="free" />
        </>
      ) : (
        <>
          <GuardKey guard={GUARDED} text={GUARDED.short} />
          <GuardKey guard={TYPE_NOT_CHECKED} text={TYPE_NOT_CHECKED.short} hollow />
          <GuardKey guard={NOT_METADATA} text={NOT_METADATA.short} />
        </>
      )}
      {outcome === 'refused' ? (
        <li className="legend-note">
          <b>Not opened:</b> no window is held.
        </li>
      ) : outcome === 'scanned' ? null : (
        <>
          <GuardKey guard={LOST} text={LOST.short} className="legend-lost" />
          <GuardKey guard={LOCKED_OUT} text={LOCKED_OUT.short} title={LOCKED_OUT_TITLE} hollow />
        </>
      )}
      {hasPath && (
        <li title="Where the last command that wrote went; a cross: metadata lies there">
          <i className="legend-frame legend-path" />
          last command
        </li>
      )}
    </ul>
  )
}

function OwnerKey({ owner, text }: { readonly owner: number; readonly text: string }) {
  return (
    <li>
      <i className="legend-cell" style={{ background: ownerColour(owner) }} />
      {text}
    </li>
  )
}

interface GuardKeyProps {
  readonly guard: GuardStyle
  readonly text: string
  readonly title?: string
  readonly hollow?: boolean
  readonly className?: string
}

function GuardKey({ guard, text, title = guard.label, hollow = false, className = '' }: GuardKeyProps) {
  const style: CSSProperties = hollow
    ? { border: `2px solid ${guardColour(guard)}` }
    : { background: guardColour(guard) }
  return (
    <li title={title}>
      <i className={`legend-cell ${className}`} style={className ? undefined : style} />
      {text}
    </li>
  )
}
