/** What commands do that takes more than a call to a store. */
import { linkTo, showInAddress } from '../../state/address.ts'
import { preferencesStore, THEMES } from '../../state/preferences-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { uiStore } from '../../state/ui-store.ts'
import { download } from '../parts/download.ts'

export const FILE_INPUT_ID = 'image-file'

/** Lets the person pick an image file; the field's own change event opens it. */
export function pickFile(): void {
  document.getElementById(FILE_INPUT_ID)?.click()
}

export function openFile(file: File): void {
  void sessionStore.getState().openImage({ kind: 'file', file })
}

/** Copies text, and says so, or says why not. */
export async function copyText(text: string, what: string): Promise<void> {
  const { notify } = uiStore.getState()
  try {
    await navigator.clipboard.writeText(text)
    notify(`${what} copied.`)
  } catch {
    notify(`This browser did not let the page copy. ${what}: ${text}`)
  }
}

/** Copies a link to the page as it stands. An uploaded file cannot be in it. */
export function share(): void {
  const { choice, options } = sessionStore.getState()
  if (!choice) return
  if (choice.kind === 'file') {
    uiStore
      .getState()
      .notify(`${choice.file.name} never leaves this browser, so no link can show it. Share the file itself.`)
    return
  }
  const state = { choice, options }
  showInAddress(state)
  void copyText(linkTo(state), 'Link')
}

export function nextTheme(): void {
  const { theme, setTheme } = preferencesStore.getState()
  setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system')
}

/** Downloads the whole event log, a QMP event a line. */
export async function exportLog(): Promise<void> {
  const { run, image } = sessionStore.getState()
  if (!image) return
  try {
    const { text } = await simulator.request({ type: 'export-log', run })
    download(text, `${image.name.replace(/[^\w.-]+/g, '-')}.events.ndjson`)
  } catch (error) {
    uiStore
      .getState()
      .notify(`The log was not exported: ${error instanceof Error ? error.message : String(error)}`)
  }
}
