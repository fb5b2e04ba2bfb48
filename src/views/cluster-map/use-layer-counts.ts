import { useEffect, useState } from 'react'
import { CELLS_OF } from '../../lib/layer-cells.ts'
import type { Layer } from '../../lib/layers.ts'
import { useSession } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { reportFailure } from './map-actions.ts'

interface Counted {
  readonly run: number
  readonly revision: number
  readonly layer: Layer
  readonly counts: Float64Array
}

/**
 * How many clusters of the image that is shown have each cell of a layer, indexed by cell. Those of the state before
 * stay until new ones are there.
 * @returns undefined as long as none were counted
 */
export function useLayerCounts(shown: Layer): Float64Array | undefined {
  const layer = CELLS_OF[shown]
  const run = useSession(state => state.run)
  const revision = useSession(state => state.revision)
  const [counted, setCounted] = useState<Counted>()
  useEffect(() => {
    if (run === 0) return undefined
    let isCurrent = true
    const count = async () => {
      try {
        const { counts } = await simulator.request({ type: 'layer-counts', run, layer })
        if (isCurrent) setCounted({ run, revision, layer, counts })
      } catch (error) {
        reportFailure(error)
      }
    }
    void count()
    return () => {
      isCurrent = false
    }
  }, [run, revision, layer])
  return counted?.run === run && counted.layer === layer ? counted.counts : undefined
}
