import { isTesting } from '../../state/address.ts'
import { usePreferences } from '../../state/preferences-store.ts'
import { useSelection } from '../../state/selection-store.ts'
import { useSession } from '../../state/session-store.ts'
import { useInspection } from '../inspector/inspection-store.ts'
import { describeInLayer } from './describe-layer.ts'
import { useSettled } from './use-settled.ts'

/** How long a position stands before it is spoken (ms). */
const PAUSE = 250

/** Says where the pinned cluster is and what it is. Hovering is not spoken: it would never stop. */
export function MapLive() {
  const selected = useSelection(state => state.selected)
  const report = useSession(state => state.report)
  const layer = usePreferences(state => state.layer)
  const inspection = useInspection(state => state.inspection)
  const isOfSelected = inspection !== undefined && inspection.cluster.cluster === selected
  const words = isOfSelected && report ? describeInLayer(inspection, layer, report) : ''
  const spoken = useSettled(words, isTesting() ? 0 : PAUSE)
  return (
    <p className="visually-hidden" aria-live="polite" data-testid="map-position">
      {spoken}
    </p>
  )
}
