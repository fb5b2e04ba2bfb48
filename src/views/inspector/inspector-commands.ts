/** The inspector's part of the table of commands. */
import type { Command } from '../commands/command.ts'
import { visitsStore } from './visits-store.ts'

export const INSPECTOR_COMMANDS: readonly Command[] = [
  {
    id: 'inspector-back',
    title: 'Back to where the last link was followed from',
    group: 'View',
    keys: ['Alt+ArrowLeft'],
    run: () => visitsStore.getState().back(),
    enabled: () => visitsStore.getState().past.length > 0,
  },
  {
    id: 'inspector-forward',
    title: 'Forward again',
    group: 'View',
    keys: ['Alt+ArrowRight'],
    run: () => visitsStore.getState().forward(),
    enabled: () => visitsStore.getState().future.length > 0,
  },
]
