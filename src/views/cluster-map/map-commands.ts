/** The map's part of the table of commands. */
import { sessionStore } from '../../state/session-store.ts'
import type { Command } from '../commands/command.ts'
import { goToUnguarded, moveWindow } from './map-actions.ts'
import { mapStore } from './map-store.ts'

const isOpen = () => sessionStore.getState().run > 0
const hasUnguarded = () => (sessionStore.getState().report?.coverage.unguarded ?? 0) > 0
const map = () => mapStore.getState().map

/** One press of a zoom key. */
const ZOOM_STEP = 1.5

export const GO_TO_INPUT_ID = 'map-go-to'

export const MAP_COMMANDS: readonly Command[] = [
  {
    id: 'map-go-to',
    title: 'Go to an offset, cluster or window',
    group: 'View',
    keys: ['G'],
    run: () => document.getElementById(GO_TO_INPUT_ID)?.focus(),
    enabled: isOpen,
  },
  {
    id: 'map-next-unguarded',
    title: 'Next unguarded metadata cluster',
    group: 'View',
    keys: ['U'],
    run: () => void goToUnguarded(1),
    enabled: hasUnguarded,
  },
  {
    id: 'map-previous-unguarded',
    title: 'Previous unguarded metadata cluster',
    group: 'View',
    keys: ['Shift+U'],
    run: () => void goToUnguarded(-1),
    enabled: hasUnguarded,
  },
  {
    id: 'map-previous-window',
    title: 'Previous window',
    group: 'View',
    keys: ['['],
    run: () => moveWindow(-1),
    enabled: isOpen,
  },
  {
    id: 'map-next-window',
    title: 'Next window',
    group: 'View',
    keys: [']'],
    run: () => moveWindow(1),
    enabled: isOpen,
  },
  {
    id: 'map-zoom-in',
    title: 'Zoom in on the map',
    group: 'View',
    keys: ['+', '='],
    run: () => map()?.zoomBy(ZOOM_STEP),
    enabled: isOpen,
  },
  {
    id: 'map-zoom-out',
    title: 'Zoom out of the map',
    group: 'View',
    keys: ['-'],
    run: () => map()?.zoomBy(1 / ZOOM_STEP),
    enabled: isOpen,
  },
  {
    id: 'map-fit',
    title: 'Show the whole map',
    group: 'View',
    keys: ['0'],
    run: () => map()?.fit(),
    enabled: isOpen,
  },
]
