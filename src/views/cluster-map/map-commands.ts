/** The map's part of the table of commands. */
import { sessionStore } from '../../state/session-store.ts'
import type { Command } from '../commands/command.ts'
import { describeHere } from './describe-here.ts'
import { findAgain, findOfKind, findSame } from './find/find-actions.ts'
import { findStore } from './find/find-store.ts'
import { focusFind } from './focus.ts'
import { MAP_KEY_COMMANDS } from './map-key-commands.ts'
import { moveToWindow } from './map-moves.ts'
import { mapStore } from './map-store.ts'

const isOpen = () => sessionStore.getState().run > 0
const hasUnguarded = () => (sessionStore.getState().report?.coverage.unguarded ?? 0) > 0
/** Something is in the box to be found. */
const isSought = () => isOpen() && findStore.getState().text.trim() !== ''
const map = () => mapStore.getState().map

/** One press of a zoom key. */
const ZOOM_STEP = 1.5

export const MAP_COMMANDS: readonly Command[] = [
  {
    id: 'map-find',
    title: 'Find an offset, cluster, window, kind or problem',
    group: 'View',
    keys: ['G', '/'],
    run: focusFind,
    enabled: isOpen,
  },
  {
    id: 'map-find-next',
    title: 'Find the next',
    group: 'View',
    keys: ['F3'],
    together: { title: 'Find the next; Shift: the previous', keys: 'F3' },
    run: () => findAgain(1),
    enabled: isSought,
  },
  {
    id: 'map-find-previous',
    title: 'Find the previous',
    group: 'View',
    keys: ['Shift+F3'],
    together: { title: 'Find the next; Shift: the previous', keys: 'F3' },
    run: () => findAgain(-1),
    enabled: isSought,
  },
  {
    id: 'map-next-same',
    title: 'Next of the pinned cluster’s kind',
    group: 'View',
    keys: ['K'],
    together: { title: 'Next of the pinned kind; Shift: the previous', keys: 'K' },
    run: () => void findSame(1),
    enabled: isOpen,
  },
  {
    id: 'map-previous-same',
    title: 'Previous of the pinned cluster’s kind',
    group: 'View',
    keys: ['Shift+K'],
    together: { title: 'Next of the pinned kind; Shift: the previous', keys: 'K' },
    run: () => void findSame(-1),
    enabled: isOpen,
  },
  {
    id: 'map-describe',
    title: 'Describe the window in words',
    group: 'View',
    keys: ['Shift+D'],
    run: () => void describeHere(),
    enabled: isOpen,
  },
  {
    id: 'map-next-unguarded',
    title: 'Next unguarded metadata cluster',
    group: 'View',
    keys: ['U'],
    together: { title: 'Next unguarded cluster; Shift: the previous', keys: 'U' },
    run: () => void findOfKind('unguarded', 1),
    enabled: hasUnguarded,
  },
  {
    id: 'map-previous-unguarded',
    title: 'Previous unguarded metadata cluster',
    group: 'View',
    keys: ['Shift+U'],
    together: { title: 'Next unguarded cluster; Shift: the previous', keys: 'U' },
    run: () => void findOfKind('unguarded', -1),
    enabled: hasUnguarded,
  },
  {
    id: 'map-previous-window',
    title: 'Previous window',
    group: 'View',
    keys: ['['],
    together: { title: 'Previous, next window', keys: '[ ]' },
    run: () => moveToWindow(-1),
    enabled: isOpen,
  },
  {
    id: 'map-next-window',
    title: 'Next window',
    group: 'View',
    keys: [']'],
    together: { title: 'Previous, next window', keys: '[ ]' },
    run: () => moveToWindow(1),
    enabled: isOpen,
  },
  {
    id: 'map-zoom-in',
    title: 'Zoom in on the map',
    group: 'View',
    keys: ['+', '='],
    together: { title: 'Zoom out of the map, into it', keys: '- +' },
    run: () => map()?.zoomBy(ZOOM_STEP),
    enabled: isOpen,
  },
  {
    id: 'map-zoom-out',
    title: 'Zoom out of the map',
    group: 'View',
    keys: ['-'],
    together: { title: 'Zoom out of the map, into it', keys: '- +' },
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
  ...MAP_KEY_COMMANDS,
]
