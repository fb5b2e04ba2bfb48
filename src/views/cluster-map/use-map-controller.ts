import { type RefObject, useEffect } from 'react'
import { isTesting } from '../../state/address.ts'
import { simulator } from '../../state/simulator.ts'
import { reportFailure } from './map-actions.ts'
import { MapController } from './map-controller.ts'
import { mapStore } from './map-store.ts'

export interface MapRefs {
  readonly stage: RefObject<HTMLDivElement | null>
  readonly base: RefObject<HTMLCanvasElement | null>
  readonly over: RefObject<HTMLCanvasElement | null>
  readonly mini: RefObject<HTMLCanvasElement | null>
}

/** Puts a controller on the canvases as long as they are on the page. */
export function useMapController({ stage, base, over, mini }: MapRefs): void {
  useEffect(() => {
    if (!stage.current || !base.current || !over.current || !mini.current) return undefined
    const map = new MapController(
      { stage: stage.current, base: base.current, over: over.current, mini: mini.current },
      {
        client: simulator,
        isStill: () => isTesting() || matchMedia('(prefers-reduced-motion: reduce)').matches,
        onFailure: reportFailure,
      },
    )
    mapStore.setState({ map })
    return () => {
      map.destroy()
      mapStore.setState({ map: undefined })
    }
  }, [stage, base, over, mini])
}
