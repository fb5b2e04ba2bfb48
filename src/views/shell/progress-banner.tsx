import { useEffect, useState } from 'react'
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import { nameOf, type SessionState, useSession } from '../../state/session-store.ts'
import type { Progress } from '../../worker/protocol.ts'
import { CommandButton } from '../commands/command-button.tsx'
import { remaining } from './remaining.ts'

/** An opening shorter than this is over before a bar could be read (ms). */
const PATIENCE = 150

/** How far an opening has come, in what it counts and in bytes, with an estimate and a way to stop it. */
export function ProgressBanner() {
  const opening = useSession(state => state.opening)
  // A new opening is a new banner: its patience begins anew.
  return opening && <Progressing key={opening.run} opening={opening} />
}

function Progressing({ opening }: { readonly opening: NonNullable<SessionState['opening']> }) {
  const progress = useSession(state => state.progress)
  const elapsed = useSession(state => state.elapsed)
  const [visible, setVisible] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [])
  if (!visible) return null

  const name = nameOf(opening.choice)
  const share = progress && progress.total > 0 ? progress.done / progress.total : undefined
  const left = share === undefined ? undefined : remaining(share, elapsed)
  return (
    <div className="banner banner-progress">
      <div className="banner-text">
        <p role="status">
          <b>Opening {name}.</b> {progress?.phase}
        </p>
        <p className="muted">
          {progress && progressText(progress)}
          {left && `, ${left}`}
        </p>
        <progress aria-label={`Opening ${name}`} max={1} {...(share === undefined ? {} : { value: share })} />
      </div>
      <CommandButton id="cancel" variant="button-small">
        Cancel
      </CommandButton>
    </div>
  )
}

function progressText({ done, total, unit, bytesRead, bytesTotal }: Progress): string {
  const read = `${formatBytes(bytesRead)} of ${formatBytes(bytesTotal)} read`
  if (unit === 'bytes') return read
  const counted = `${formatCount(done)} of ${formatCount(total)} ${unit}`
  // A synthetic image is made up as it goes: nothing of it is read from anywhere.
  return bytesTotal === 0 ? counted : `${counted}, ${read}`
}
