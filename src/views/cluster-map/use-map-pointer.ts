import { type PointerEvent, type MouseEvent, useMemo } from 'react'
import { selectionStore } from '../../state/selection-store.ts'
import { clusterOfMark, reportFailure } from './map-actions.ts'
import { mapStore } from './map-store.ts'

/** Hovering and clicking. None of it renders anything but through the stores. */
export function useMapPointer() {
  return useMemo(() => {
    // Of several marks that are looked behind at once, only the last one counts.
    let lookUp = 0
    const pick = async (event: MouseEvent, take: (cluster: number | undefined) => void) => {
      const { left, top } = event.currentTarget.getBoundingClientRect()
      const found = mapStore.getState().map?.at(event.clientX - left, event.clientY - top)
      const mine = ++lookUp
      if (!found?.mark || found.mark.place.level === 0) {
        take(found?.cluster)
        return
      }
      try {
        const cluster = await clusterOfMark(found.mark)
        if (mine === lookUp) take(cluster)
      } catch (error) {
        reportFailure(error)
      }
    }
    return {
      onPointerMove(event: PointerEvent) {
        // While the map is dragged, it is not what is under the pointer that is of interest.
        if (event.buttons === 0) void pick(event, selectionStore.getState().hover)
      },
      onPointerLeave() {
        lookUp++
        selectionStore.getState().hover(undefined)
      },
      onClick(event: MouseEvent) {
        void pick(event, selectionStore.getState().select)
      },
    }
  }, [])
}

/** Clicking and dragging on the small map. */
export const MINI_MAP_POINTER = {
  onPointerDown(event: PointerEvent) {
    event.currentTarget.setPointerCapture(event.pointerId)
    showFromMiniMap(event)
  },
  onPointerMove(event: PointerEvent) {
    if (event.buttons & 1) showFromMiniMap(event)
  },
}

function showFromMiniMap(event: PointerEvent) {
  const { left, top } = event.currentTarget.getBoundingClientRect()
  mapStore.getState().map?.showFromMiniMap(event.clientX - left, event.clientY - top)
}
