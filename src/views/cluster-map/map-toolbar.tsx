import { usePreferences } from '../../state/preferences-store.ts'
import { useSession } from '../../state/session-store.ts'
import { CommandButton } from '../commands/command-button.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { unguardedWords } from './describe.ts'
import { FindBox } from './find/find-box.tsx'
import { LAYER_CHOICES } from './layer-texts.ts'

/** What the map shows, where to go, and what is in danger. */
export function MapToolbar() {
  const layer = usePreferences(state => state.layer)
  const setLayer = usePreferences(state => state.setLayer)
  const report = useSession(state => state.report)
  const shout = report && unguardedWords(report)
  return (
    <div className="panel-head map-toolbar">
      <h2>Cluster map</h2>
      <Segmented label="Map layer" choices={LAYER_CHOICES} value={layer} onChange={setLayer} />
      <FindBox />
      {shout && (
        <CommandButton id="map-next-unguarded" variant="button-small map-unguarded">
          <span>
            {shout.count} <span className="map-unguarded-words">{shout.subject} </span>unguarded
          </span>
        </CommandButton>
      )}
    </div>
  )
}
