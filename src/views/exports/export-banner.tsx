import { useEffect, useState } from 'react'
import { formatCount } from '../../lib/sizes.ts'
import { cancelExport } from './export-structures.ts'
import { type RunningExport, useRunningExport } from './export-store.ts'

/** An export shorter than this is over before a bar could be read (ms). */
const PATIENCE = 150

/** How far an export has come, and a way to stop it. */
export function ExportBanner() {
  const running = useRunningExport()
  return running && <Exporting running={running} />
}

function Exporting({ running }: { readonly running: RunningExport }) {
  const { what, progress } = running
  const [visible, setVisible] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [])
  if (!visible) return null
  const share = progress && progress.total > 0 ? progress.done / progress.total : undefined
  return (
    <div className="banner banner-progress">
      <div className="banner-text">
        <p role="status">
          <b>Exporting {what}.</b>
        </p>
        {progress && (
          <p className="muted">
            {formatCount(progress.done)} of {formatCount(progress.total)} {progress.unit}
          </p>
        )}
        <progress
          aria-label={`Exporting ${what}`}
          max={1}
          {...(share === undefined ? {} : { value: share })}
        />
      </div>
      {/* Before it has begun, a cancel would stop the commands it waits for. */}
      <button type="button" className="button button-small" disabled={!progress} onClick={cancelExport}>
        Cancel
      </button>
    </div>
  )
}
