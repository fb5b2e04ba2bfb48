/** An action of the page. Buttons, keys, the palette and the sheet of shortcuts all come from these. */
export interface Command {
  readonly id: string
  /** What it does, in the imperative: "Open an image file". */
  readonly title: string
  readonly group: 'Image' | 'Options' | 'Commands' | 'Event log' | 'View' | 'On the map' | 'Help'
  /** "O", "Shift+S", "Mod+K", where Mod is Cmd on a Mac and Ctrl elsewhere. The first is the one shown. */
  readonly keys?: readonly string[]
  /** Its keys count only inside an element with this `data-keys`. Left out: everywhere. */
  readonly where?: string
  /** What the sheet of shortcuts says, once, of all commands that share this title. */
  readonly together?: { readonly title: string; readonly keys: string }
  run(): void
  /** Left out: always. */
  enabled?(): boolean
}

export const isEnabled = (command: Command): boolean => command.enabled?.() ?? true
