import type { CSSProperties } from 'react'
import { cssColour } from '../../render/colours.ts'
import { type LegendEntry, legendEntries, PLAIN_OWNERS } from '../../render/legend-entries.ts'
import { usePreferences } from '../../state/preferences-store.ts'
import { useSession } from '../../state/session-store.ts'

/** What frames and cells mean. Metadata types have their colours in the Options panel. */
export function MapLegend() {
  const layer = usePreferences(state => state.layer)
  const outcome = useSession(state => state.report?.outcome.kind)
  const hasPath = useSession(state => (state.report?.live?.path.length ?? 0) > 0)
  return (
    <ul className="map-legend" aria-label="Legend">
      {legendEntries({ layer, outcome, hasPath, owners: PLAIN_OWNERS }).map(entry => (
        <li key={entry.key} title={entry.title || undefined}>
          <Sample entry={entry} />
          {entry.text}
        </li>
      ))}
      {outcome === 'refused' && (
        <li className="legend-note">
          <b>Not opened:</b> no window is held.
        </li>
      )}
    </ul>
  )
}

function Sample({ entry: { look, colour } }: { readonly entry: LegendEntry }) {
  if (look === 'lost') return <i className="legend-cell legend-lost" />
  if (look !== 'cell' && look !== 'hollow') return <i className={`legend-frame legend-${look}`} />
  const css = cssColour(colour)
  const style: CSSProperties = look === 'hollow' ? { border: `2px solid ${css}` } : { background: css }
  return <i className="legend-cell" style={style} />
}
