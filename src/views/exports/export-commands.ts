/** The exports' part of the table of commands. */
import { sessionStore } from '../../state/session-store.ts'
import type { Command } from '../commands/command.ts'
import { exportPicture } from './export-picture.ts'
import { exportStructures } from './export-structures.ts'

const isOpen = () => sessionStore.getState().run > 0

export const EXPORT_COMMANDS: readonly Command[] = [
  {
    id: 'export-png',
    title: 'Export the map as a PNG picture',
    group: 'View',
    run: () => void exportPicture('png'),
    enabled: isOpen,
  },
  {
    id: 'export-svg',
    title: 'Export the map as an SVG picture',
    group: 'View',
    run: () => void exportPicture('svg'),
    enabled: isOpen,
  },
  {
    id: 'export-structures-json',
    title: 'Export structures as JSON',
    group: 'View',
    run: () => void exportStructures('json'),
    enabled: isOpen,
  },
  {
    id: 'export-structures-csv',
    title: 'Export structures as CSV',
    group: 'View',
    run: () => void exportStructures('csv'),
    enabled: isOpen,
  },
]
