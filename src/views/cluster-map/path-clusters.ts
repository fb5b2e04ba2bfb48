/** The clusters of the last command's path that are marked on the map. */
import type { PathPart } from '../../simulation/report.ts'

/** Of a longer range the first and the last cluster tell enough. */
const MOST_OF_A_RANGE = 16

export interface PathCluster {
  readonly cluster: number
  readonly isWrong: boolean
}

/** What went wrong comes last, to be drawn over the rest. */
export function pathClusters(path: readonly PathPart[]): PathCluster[] {
  const marked = path.flatMap(({ start, clusters, kind }) => {
    const isWrong = kind === 'refused' || kind === 'missed'
    const chosen =
      clusters <= MOST_OF_A_RANGE
        ? Array.from({ length: clusters }, (_, i) => start + i)
        : [start, start + clusters - 1]
    return chosen.map(cluster => ({ cluster, isWrong }))
  })
  return [...marked.filter(({ isWrong }) => !isWrong), ...marked.filter(({ isWrong }) => isWrong)]
}
