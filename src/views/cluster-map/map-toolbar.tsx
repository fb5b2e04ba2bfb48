import { usePreferences } from '../../state/preferences-store.ts'
import { useSession } from '../../state/session-store.ts'
import { CommandButton } from '../commands/command-button.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { unguardedText } from './describe.ts'
import { GoTo } from './go-to.tsx'

const LAYERS = [
  { value: 'owner', text: 'Owner', title: 'Colour tells whose a cluster is (P)' },
  { value: 'protection', text: 'Protection', title: 'Colour tells whether a cluster is guarded (P)' },
] as const

/** What the map shows, where to go, and what is in danger. */
export function MapToolbar() {
  const layer = usePreferences(state => state.layer)
  const setLayer = usePreferences(state => state.setLayer)
  const report = useSession(state => state.report)
  const shout = report && unguardedText(report)
  return (
    <div className="panel-head map-toolbar">
      <h2>Cluster map</h2>
      <Segmented label="Map layer" choices={LAYERS} value={layer} onChange={setLayer} />
      <GoTo />
      {shout && (
        <CommandButton id="map-next-unguarded" variant="button-small map-unguarded">
          {shout}
        </CommandButton>
      )}
    </div>
  )
}
