/** The structures' part of the table of commands. */
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import type { Command } from '../commands/command.ts'
import { showPinned, toggleStructures } from './structure-actions.ts'

const isOpen = () => sessionStore.getState().run > 0

export const STRUCTURE_COMMANDS: readonly Command[] = [
  {
    id: 'structures',
    title: 'Switch the inspector between cluster and structures',
    group: 'View',
    keys: ['X'],
    run: toggleStructures,
  },
  {
    id: 'show-in-structures',
    title: 'Show the pinned cluster among the structures',
    group: 'View',
    keys: ['Shift+T'],
    run: () => void showPinned(),
    enabled: () => isOpen() && selectionStore.getState().selected !== undefined,
  },
]
