/** Keys as commands name them: matching them against what was pressed, and showing them. */
import { type Command, isEnabled } from './command.ts'

/** What a match needs of a KeyboardEvent. */
export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** Whether these were the keys pressed. `?` and the like are told by the character, whatever it takes to type it. */
export function matches(keys: string, press: KeyPress): boolean {
  const parts = partsOf(keys)
  const key = parts.at(-1) ?? ''
  const modifier = press.ctrlKey || press.metaKey
  if (press.altKey !== parts.includes('Alt') || modifier !== parts.includes('Mod')) return false
  const isSymbol = key.length === 1 && !/[a-z0-9]/i.test(key)
  if (!isSymbol && press.shiftKey !== parts.includes('Shift')) return false
  return press.key.toLowerCase() === key.toLowerCase()
}

/** "Mod+Shift+Z" in its parts; the last may be the plus key itself. */
const partsOf = (keys: string): string[] => keys.split(/\+(?=.)/)

const KEY_NAMES: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page up',
  PageDown: 'Page down',
}

/** The keys as a person reads them: "Ctrl K", or "⌘ K" on a Mac. */
export function showKeys(keys: string, mac: boolean): string {
  return partsOf(keys)
    .map(part => (part === 'Mod' ? (mac ? '⌘' : 'Ctrl') : (KEY_NAMES[part] ?? part)))
    .join(' ')
}

/** Keys that mean nothing to a text field. */
const NO_TEXT = /^Mod\+K$|^Escape$|(^|\+)F\d+$/

/**
 * @param typing whether a text field has the focus: then plain characters are text, not commands
 * @param where the `data-keys` around the focus, if any
 */
export function commandFor(
  commands: readonly Command[],
  press: KeyPress,
  typing: boolean,
  where?: string,
): Command | undefined {
  return commands.find(command => {
    if (command.where !== undefined && command.where !== where) return false
    return command.keys?.some(
      keys => (!typing || NO_TEXT.test(keys)) && matches(keys, press) && isEnabled(command),
    )
  })
}

export const isMac = (): boolean => /mac|iphone|ipad/i.test(navigator.platform)
