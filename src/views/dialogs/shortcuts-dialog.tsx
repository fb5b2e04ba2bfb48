import { COMMANDS } from '../commands/command-table.ts'
import { isMac, showKeys } from '../commands/keys.ts'
import { Modal } from './modal.tsx'
import './shortcuts-dialog.css'

/** Keys that belong to a panel and work while it has the focus. */
const PANEL_KEYS = [
  [
    'Memory limit',
    'arrows 4 bytes, Shift + arrows 4096, Page up and down 65536, Home the floor, End unlimited',
  ],
  ['Event log', 'arrows move, right unfolds, left folds, Enter shows on the map, Ctrl C copies'],
] as const

/** Every key, from the table of commands. */
export function ShortcutsDialog() {
  const groups = [...new Set(COMMANDS.map(({ group }) => group))]
  const mac = isMac()
  return (
    <Modal name="shortcuts" title="Keyboard shortcuts" size="wide">
      {/* Longer than a small page: who has no wheel scrolls it by key. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="shortcuts" tabIndex={0} role="group" aria-label="All keys">
        {groups.map(group => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {rowsOf(group).map(({ title, keys }) => (
                <div key={title}>
                  <dt>{title}</dt>
                  <dd>
                    <kbd>{showKeys(keys, mac)}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section className="shortcuts-panels" aria-label="In a panel">
          <h3>In a panel</h3>
          <dl>
            {PANEL_KEYS.map(([panel, keys]) => (
              <div key={panel}>
                <dt>{panel}</dt>
                <dd className="muted">{keys}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Modal>
  )
}

/** What there is in a group, with the first of its keys. */
function rowsOf(group: string): readonly { readonly title: string; readonly keys: string }[] {
  const rows = COMMANDS.filter(command => command.group === group).flatMap(({ title, keys, together }) =>
    keys?.[0] === undefined ? [] : [together ?? { title, keys: keys[0] }],
  )
  return rows.filter((row, index) => rows.findIndex(({ title }) => title === row.title) === index)
}
