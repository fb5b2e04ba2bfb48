import { isUnguarded } from '../../lib/cells.ts'
import { OWNERS } from '../../lib/owners.ts'
import { guardStyle } from '../../render/guard-style.ts'
import { ownerColour, ownerStyle } from '../../render/owner-style.ts'
import type { ClusterInspection } from '../../simulation/inspection.ts'
import { ClaimList } from './claim-list.tsx'
import { EventLink } from './event-link.tsx'
import { FactTable } from './fact-table.tsx'
import { clusterFacts } from './facts.ts'
import { Why } from './why.tsx'

interface Props {
  readonly cluster: ClusterInspection
  readonly checkedTypes: number
  /** Nothing is to be said of how it is guarded in an image that did not open. */
  readonly isOpen: boolean
}

/** A cluster: whose, guarded or not and why, and where. */
export function ClusterDetails({ cluster, checkedTypes, isOpen }: Props) {
  const guard = guardStyle(cluster.owner, cluster.guard, checkedTypes)
  const danger = isUnguarded(cluster.guard)
  return (
    <>
      <p className="inspector-owner">
        <i className="inspector-swatch" style={{ background: ownerColour(cluster.owner) }} />
        <b>{OWNERS[cluster.owner]?.label}</b>
        <span className="mono muted">{ownerStyle(cluster.owner).glyph}</span>
        {isOpen && guard.glyph !== '' && (
          <span className={danger ? 'inspector-guard danger' : 'inspector-guard muted'} title={guard.label}>
            {guard.short}
          </span>
        )}
      </p>
      <Why
        danger={danger}
        more={cluster.why}
        link={cluster.group !== undefined && <EventLink group={cluster.group} />}
      >
        {cluster.sentence}
      </Why>
      <ClaimList cluster={cluster} />
      <FactTable facts={clusterFacts(cluster)} />
    </>
  )
}
