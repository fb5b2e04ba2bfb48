/** Following what the inspector points to. */
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { sessionStore } from '../../state/session-store.ts'
import { uiStore } from '../../state/ui-store.ts'
import { mapStore } from '../cluster-map/map-store.ts'
import { visitsStore } from './visits-store.ts'

/** Pins the cluster of a host offset, and shows the byte. Says so where the map does not reach that far. */
export function goToOffset(offset: bigint): void {
  const size = sessionStore.getState().image?.clusterSize
  if (!size) return
  const clusters = BigInt(mapStore.getState().map?.layout?.count ?? 0) * BigInt(WINDOW_CLUSTERS)
  const cluster = offset / BigInt(size)
  if (cluster >= clusters)
    uiStore.getState().notify(`Offset 0x${offset.toString(16)} lies past the end of the map.`)
  else visitsStore.getState().visit({ cluster: Number(cluster), byte: Number(offset % BigInt(size)) })
}

/** Pins a cluster as a link does: one can come back from it. */
export function visitCluster(cluster: number): void {
  visitsStore.getState().visit({ cluster, byte: 0 })
}
