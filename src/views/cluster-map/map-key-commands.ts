/** Commands whose keys belong to the map while it has the focus. */
import type { Direction } from '../../render/layout.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import type { Command } from '../commands/command.ts'
import { MAP_KEYS } from './focus.ts'
import {
  moveByCells,
  moveByScreen,
  moveByWindow,
  moveHome,
  moveToFileEnd,
  moveToWindowEnd,
  showPinned,
} from './map-moves.ts'

const isOpen = () => sessionStore.getState().run > 0

const ARROWS = [
  ['left', 'ArrowLeft'],
  ['right', 'ArrowRight'],
  ['up', 'ArrowUp'],
  ['down', 'ArrowDown'],
] as const satisfies readonly (readonly [Direction, string])[]

/** Cells at once while Shift is held. */
const LONG_STEP = 8

const onMap = (id: string, title: string, key: string, run: () => void): Command => ({
  id,
  title,
  group: 'On the map',
  keys: [key],
  where: MAP_KEYS,
  run,
  enabled: isOpen,
})

const arrows = ARROWS.flatMap(([direction, key]) => [
  {
    ...onMap(`map-move-${direction}`, `Move the pinned cluster ${direction}`, key, () =>
      moveByCells(direction, 1),
    ),
    together: { title: 'Move the pinned cluster', keys: 'arrows' },
  },
  {
    ...onMap(
      `map-leap-${direction}`,
      `Move the pinned cluster ${LONG_STEP} ${direction}`,
      `Shift+${key}`,
      () => moveByCells(direction, LONG_STEP),
    ),
    together: { title: `Move it by ${LONG_STEP}`, keys: 'Shift+arrows' },
  },
  {
    ...onMap(`map-window-${direction}`, `Move a window ${direction}`, `Mod+${key}`, () =>
      moveByWindow(direction),
    ),
    together: { title: 'Move it by a window', keys: 'Mod+arrows' },
  },
])

const BY_SCREEN = { title: 'Move it by a screen', keys: 'Page up, down' }

export const MAP_KEY_COMMANDS: readonly Command[] = [
  ...arrows,
  onMap('map-home', 'First cluster of the window; again: the whole map', 'Home', moveHome),
  onMap('map-end', 'Last cluster of the window', 'End', moveToWindowEnd),
  onMap('map-first', 'First cluster of the file', 'Mod+Home', () => moveToFileEnd('first')),
  onMap('map-last', 'Last cluster of the file', 'Mod+End', () => moveToFileEnd('last')),
  {
    ...onMap('map-page-up', 'Up by a screen', 'PageUp', () => moveByScreen(-1)),
    together: BY_SCREEN,
  },
  {
    ...onMap('map-page-down', 'Down by a screen', 'PageDown', () => moveByScreen(1)),
    together: BY_SCREEN,
  },
  onMap('map-show', 'Bring the pinned cluster into sight', 'Enter', showPinned),
  {
    ...onMap('map-unpin', 'Unpin the cluster', 'Escape', () => selectionStore.getState().select(undefined)),
    enabled: () => selectionStore.getState().selected !== undefined,
  },
]
