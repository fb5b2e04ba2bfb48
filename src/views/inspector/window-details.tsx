import { isInDanger } from '../../render/window-hold.ts'
import type { ClusterInspection, WindowInspection } from '../../simulation/inspection.ts'
import { AccountTable } from './account-table.tsx'
import { CodingSum } from './coding-sum.tsx'
import { FactTable } from './fact-table.tsx'
import { windowFacts } from './facts.ts'
import { SlotRow } from './slot-row.tsx'
import { Why } from './why.tsx'
import { WindowHistory } from './window-history.tsx'
import { WindowPicture } from './window-picture.tsx'

interface Props {
  readonly window: WindowInspection
  /** The one that is looked at in it. */
  readonly cluster: ClusterInspection
  readonly clusterSize: number
}

/** A window: how it is held and what decides that, what it costs, who goes next, and what happened to it. */
export function WindowDetails({ window, cluster, clusterSize }: Props) {
  return (
    <>
      <Why danger={isInDanger(window)} more={window.why}>
        {window.sentence}
      </Why>
      <FactTable facts={windowFacts(window, clusterSize)} />
      {/* Nothing on the books: there is no list, or the window array ends before it. */}
      {window.accountedBytes > 0 && (
        <>
          <WindowPicture window={window} cluster={cluster.cluster - window.firstCluster} />
          <CodingSum window={window} />
          <AccountTable window={window} />
          {window.slots && <SlotRow window={window} slots={window.slots} />}
        </>
      )}
      {window.history && <WindowHistory window={window.index} history={window.history} />}
    </>
  )
}
