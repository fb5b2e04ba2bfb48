/** Every action of the page, in one table. */
import { TEMPLATES, type TemplateName } from '../../lib/metadata-types.ts'
import { scenarioOptions } from '../../state/scenario-options.ts'
import { sessionStore } from '../../state/session-store.ts'
import { uiStore } from '../../state/ui-store.ts'
import { sameOptions } from '../../worker/catalogue.ts'
import { COMMAND_LINE_COMMANDS } from '../command-line/command-line-commands.ts'
import { LAYER_COMMANDS } from '../cluster-map/layer-commands.ts'
import { MAP_COMMANDS } from '../cluster-map/map-commands.ts'
import { EXPORT_COMMANDS } from '../exports/export-commands.ts'
import { STRUCTURE_COMMANDS } from '../structure-tree/structure-commands.ts'
import { INSPECTOR_COMMANDS } from '../inspector/inspector-commands.ts'
import { exportLog, nextTheme, pickFile, share } from './actions.ts'
import type { Command } from './command.ts'

const session = () => sessionStore.getState()
const ui = () => uiStore.getState()
const isOpen = () => session().run > 0

const image: readonly Command[] = [
  { id: 'open', title: 'Open an image file', group: 'Image', keys: ['O'], run: pickFile },
  {
    id: 'new-image',
    title: 'New synthetic image',
    group: 'Image',
    keys: ['N'],
    run: () => ui().open('new-image'),
  },
  {
    id: 'scenarios',
    title: 'Scenarios and samples',
    group: 'Image',
    keys: ['S'],
    run: () => ui().open('scenarios'),
  },
  {
    id: 'share',
    title: 'Copy a link to this',
    group: 'Image',
    keys: ['Shift+S'],
    run: share,
    enabled: isOpen,
  },
  {
    id: 'cancel',
    title: 'Cancel opening',
    group: 'Image',
    keys: ['Escape'],
    run: () => session().cancel(),
    enabled: () => session().opening !== undefined,
  },
]

const template = (name: TemplateName, key: string): Command => ({
  id: `template-${name}`,
  title: `Check template ${name}`,
  group: 'Options',
  keys: [key],
  run: () => session().setOptions({ ...session().options, checkedTypes: TEMPLATES[name] }),
  enabled: isOpen,
})

const NEXT_ENGINE = { v6: 'v4', v4: 'mainline', mainline: 'v6' } as const

const options: readonly Command[] = [
  template('none', '1'),
  template('constant', '2'),
  template('cached', '3'),
  template('all', '4'),
  {
    id: 'engine',
    title: 'Switch the engine: v6, v4, mainline’s own check',
    group: 'Options',
    keys: ['E'],
    run: () => {
      const { options: now, setOptions } = session()
      setOptions({ ...now, version: NEXT_ENGINE[now.version] })
    },
    enabled: isOpen,
  },
  {
    id: 'unlimited',
    title: 'Lift the memory limit',
    group: 'Options',
    run: () => session().setOptions({ ...session().options, totalSizeLimit: undefined }),
    enabled: () =>
      isOpen() && session().options.totalSizeLimit !== undefined && session().options.version !== 'mainline',
  },
  {
    id: 'open-unchecked',
    title: "Open anyway, unchecked (Overlapscope's own)",
    group: 'Options',
    run: () => session().setOptions({ ...session().options, openUnchecked: true }),
    enabled: () => session().report?.outcome.kind === 'refused',
  },
  {
    id: 'scenario-options',
    title: 'Back to the scenario’s own options',
    group: 'Options',
    run: () => {
      const own = scenarioOptions(session().choice)
      if (own) session().setOptions(own)
    },
    enabled: () => {
      const own = scenarioOptions(session().choice)
      return own !== undefined && !sameOptions(own, session().options)
    },
  },
  {
    id: 'undo',
    title: 'Undo a change of options',
    group: 'Options',
    keys: ['Mod+Z'],
    run: () => session().undo(),
    enabled: () => session().past.length > 0,
  },
  {
    id: 'redo',
    title: 'Redo a change of options',
    group: 'Options',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    run: () => session().redo(),
    enabled: () => session().future.length > 0,
  },
  {
    id: 'qemu-options',
    title: 'Show the options as QEMU takes them',
    group: 'Options',
    keys: ['Q'],
    run: () => ui().open('qemu-options'),
  },
]

const rest: readonly Command[] = [
  {
    id: 'export-log',
    title: 'Export the event log',
    group: 'Event log',
    keys: ['Shift+E'],
    run: () => void exportLog(),
    enabled: () => (session().report?.events ?? 0) > 0,
  },
  {
    id: 'theme',
    title: 'Switch theme: system, light, dark',
    group: 'View',
    keys: ['T'],
    run: nextTheme,
  },
  {
    id: 'palette',
    title: 'Find a command',
    group: 'Help',
    keys: ['Mod+K'],
    run: () => ui().open('palette'),
  },
  {
    id: 'shortcuts',
    title: 'Keyboard shortcuts',
    group: 'Help',
    keys: ['?'],
    run: () => ui().open('shortcuts'),
  },
]

export const COMMANDS: readonly Command[] = [
  ...image,
  ...options,
  ...COMMAND_LINE_COMMANDS,
  ...MAP_COMMANDS,
  ...STRUCTURE_COMMANDS,
  ...EXPORT_COMMANDS,
  ...INSPECTOR_COMMANDS,
  ...LAYER_COMMANDS,
  ...rest,
]

/** @throws Error where there is no such command: a defect of ours */
export function command(id: string): Command {
  const found = COMMANDS.find(each => each.id === id)
  if (!found) throw new Error(`there is no command "${id}"`)
  return found
}
