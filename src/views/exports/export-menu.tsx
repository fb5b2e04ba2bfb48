import { Menu } from '@base-ui/react/menu'
import { useSession } from '../../state/session-store.ts'
import { command } from '../commands/command-table.ts'
import './export-menu.css'

const ITEMS = [
  ['export-png', 'Picture, PNG (2x)'],
  ['export-svg', 'Picture, SVG'],
  ['export-structures-json', 'Structures, JSON'],
  ['export-structures-csv', 'Structures, CSV'],
] as const

/** What can be saved of the map and of what it shows. */
export function ExportMenu() {
  const isOpen = useSession(state => state.report !== undefined)
  return (
    <Menu.Root>
      <Menu.Trigger
        className="button button-small"
        disabled={!isOpen}
        title="Save the map as a picture, or the structures as a table"
      >
        Save as <span aria-hidden="true">▾</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" sideOffset={4} align="end" className="export-menu-place">
          <Menu.Popup className="export-menu">
            {ITEMS.map(([id, text]) => (
              <Menu.Item key={id} className="export-menu-item" onClick={() => command(id).run()}>
                {text}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
