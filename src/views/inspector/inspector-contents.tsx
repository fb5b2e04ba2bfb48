import { formatCount } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { Inspection } from '../../simulation/inspection.ts'
import { useSession } from '../../state/session-store.ts'
import { BytesSection } from './bytes-section.tsx'
import { ClusterDetails } from './cluster-details.tsx'
import { useInspection } from './inspection-store.ts'
import { Section } from './section.tsx'
import { Why } from './why.tsx'
import { WindowDetails } from './window-details.tsx'

/** The cluster that is pointed at or pinned: whose it is, its bytes, and the window around it. */
export function InspectorContents() {
  const inspection = useInspection(state => state.inspection)
  const failure = useInspection(state => state.failure)
  return (
    <>
      {failure && <Why danger={false}>{failure}</Why>}
      {inspection ? <Details inspection={inspection} /> : <Empty />}
    </>
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
  const checkedTypes = useSession(state => state.report?.options.checkedTypes)
  const isOpen = useSession(state => state.report?.outcome.kind !== 'refused')
  const clusterSize = useSession(state => state.image?.clusterSize ?? 0)
  const { cluster, window } = inspection
  if (checkedTypes === undefined) return null
  const last = window.firstCluster + WINDOW_CLUSTERS - 1
  return (
    <>
      <Section name="cluster" title={`Cluster ${formatCount(cluster.cluster)}`}>
        <ClusterDetails cluster={cluster} checkedTypes={checkedTypes} isOpen={isOpen} />
      </Section>
      <Section name="bytes" title="Bytes" note={`${formatCount(clusterSize)} of them`}>
        <BytesSection cluster={cluster} />
      </Section>
      <Section
        name="window"
        title={`Window ${formatCount(window.index)}`}
        note={`clusters ${formatCount(window.firstCluster)} to ${formatCount(last)}`}
      >
        <WindowDetails window={window} cluster={cluster} clusterSize={clusterSize} />
      </Section>
    </>
  )
}
