/** Actions of the command line. */
import { sessionStore } from '../../state/session-store.ts'
import { uiStore } from '../../state/ui-store.ts'
import type { Command } from '../commands/command.ts'
import { downloadImage, focusCommandLine, pickScript } from './command-line-actions.ts'

const session = () => sessionStore.getState()
const isOpen = () => session().run > 0
const live = () => session().report?.live
const isGivenUp = () => live()?.isClosed === true || live()?.unreadable !== undefined

export const COMMAND_LINE_COMMANDS: readonly Command[] = [
  {
    id: 'command-line',
    title: 'Type a command',
    group: 'Commands',
    keys: ['C'],
    run: focusCommandLine,
    enabled: isOpen,
  },
  {
    id: 'run-script',
    title: 'Run a script or trace from a file',
    group: 'Commands',
    run: () => void pickScript(),
    enabled: isOpen,
  },
  {
    id: 'run-workload',
    title: 'Run a workload',
    group: 'Commands',
    keys: ['W'],
    run: () => uiStore.getState().open('workload'),
    enabled: isOpen,
  },
  {
    id: 'stop-commands',
    title: 'Stop the commands under way',
    group: 'Commands',
    run: () => session().stopCommands(),
    enabled: () => session().working > 0,
  },
  {
    id: 'undo-command',
    title: 'Take the last command back',
    group: 'Commands',
    keys: ['Shift+Z'],
    run: () => void session().undoCommand(),
    enabled: () => live() !== undefined && session().working === 0,
  },
  {
    id: 'repair',
    title: 'Repair the image, as qemu-img check -r all does',
    group: 'Commands',
    run: () => void session().runCommands('check -r all'),
    enabled: isGivenUp,
  },
  {
    id: 'reopen',
    title: 'Open the image again, as a new process does',
    group: 'Commands',
    run: () => void session().runCommands('reopen'),
    enabled: () => live() !== undefined,
  },
  {
    id: 'download-image',
    title: 'Download the image as it now stands',
    group: 'Commands',
    keys: ['D'],
    run: () => void downloadImage(),
    enabled: isOpen,
  },
]
