/** Keys that belong to the map while it has the focus; the rest are commands (map-commands.ts). */
import type { KeyboardEvent } from 'react'
import type { Direction } from '../../render/layout.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { goToCluster, moveSelection } from './map-actions.ts'
import { mapStore } from './map-store.ts'

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** Cells at once while Shift is held. */
const LONG_STEP = 8

export function onMapKeyDown(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const arrow = ARROWS[event.key]
  const { selected, select } = selectionStore.getState()
  if (arrow) moveSelection(arrow, event.shiftKey ? LONG_STEP : 1)
  else if (event.key === 'Home') mapStore.getState().map?.fit()
  else if (event.key === 'Enter' && selected !== undefined) goToCluster(selected)
  else if (event.key === 'Escape' && selected !== undefined) select(undefined)
  else return
  event.preventDefault()
}
