import { isUnguarded } from '../../lib/cells.ts'
import { formatCount } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { HELD } from '../../render/map-scene.ts'
import type { Inspection } from '../../simulation/report.ts'
import { selectionStore, useSelection } from '../../state/selection-store.ts'
import { useSession } from '../../state/session-store.ts'
import { InspectorPageSwitch } from '../structure-tree/inspector-page-switch.tsx'
import { useInspectorPage } from '../structure-tree/inspector-page.ts'
import { StructureTree } from '../structure-tree/structure-tree.tsx'
import { ClusterDetails } from './cluster-details.tsx'
import { FactTable } from './fact-table.tsx'
import { windowFacts } from './facts.ts'
import { HexView } from './hex-view.tsx'
import { useInspection } from './inspection-store.ts'
import { Why } from './why.tsx'
import './inspector.css'

/** Everything about one cluster and the window around it, or the tree of all structures. */
export function Inspector() {
  const page = useInspectorPage()
  return (
    <section className="panel" aria-label="Inspector" data-panel="inspector">
      <div className="panel-head">
        <h2>Inspector</h2>
        <InspectorPageSwitch />
        <Pin />
      </div>
      {page === 'structures' ? <StructureTree /> : <ClusterPage />}
    </section>
  )
}

function ClusterPage() {
  const inspection = useInspection(state => state.inspection)
  const failure = useInspection(state => state.failure)
  return (
    <>
      {/* A region that scrolls must be reachable by key. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="panel-body inspector-body" tabIndex={0} role="group" aria-label="Cluster and window">
        {failure && <Why danger={false}>{failure}</Why>}
        {inspection ? <Details inspection={inspection} /> : <Empty />}
      </div>
    </>
  )
}

function Pin() {
  const selected = useSelection(state => state.selected)
  const hovered = useSelection(state => state.hovered)
  if (selected === undefined) return null
  const elsewhere = hovered !== undefined && hovered !== selected
  return (
    <button
      type="button"
      className="button button-small button-quiet inspector-pin"
      title="Unpin the cluster"
      onClick={() => selectionStore.getState().select(undefined)}
    >
      {elsewhere ? `pinned: ${formatCount(selected)}` : 'pinned'} <span aria-hidden="true">×</span>
      <span className="visually-hidden">, unpin</span>
    </button>
  )
}

function Empty() {
  const isOpen = useSession(state => state.report !== undefined)
  return (
    <p className="empty">
      {isOpen
        ? 'Point at a cluster of the map to see whose it is, who guards it and why, or click to pin it. By key: Tab to the map, then the arrows.'
        : 'Whose a cluster is, who guards it and why: shown here once an image is open.'}
    </p>
  )
}

function Details({ inspection }: { readonly inspection: Inspection }) {
  const report = useSession(state => state.report)
  const clusterSize = useSession(state => state.image?.clusterSize ?? 0)
  const { cluster, window } = inspection
  if (!report) return null
  const last = window.firstCluster + WINDOW_CLUSTERS - 1
  return (
    <>
      <ClusterDetails cluster={cluster} checkedTypes={report.options.checkedTypes} />
      <h3 className="inspector-title inspector-window">
        Window {formatCount(window.index)}
        <span>
          clusters {formatCount(window.firstCluster)} to {formatCount(last)}
        </span>
      </h3>
      <Why danger={window.held === HELD.refused || (window.unguarded > 0 && isUnguarded(cluster.guard))}>
        {window.sentence}
      </Why>
      <FactTable facts={windowFacts(window, clusterSize, report)} />
      <HexView bytes={cluster.bytes} start={cluster.hostOffset} />
    </>
  )
}
