/** What the command line's actions take beside a call to the store. */
import { nameOf, sessionStore } from '../../state/session-store.ts'
import { uiStore } from '../../state/ui-store.ts'
import { download } from '../parts/download.ts'
import { COMMAND_FIELD_ID } from './command-input.tsx'

/** Chromium's File System Access, as far as it is used here. */
interface SavePicker {
  showSaveFilePicker?(options: {
    readonly suggestedName: string
  }): Promise<{ createWritable(): Promise<WritableStream<Uint8Array>> }>
}

export function focusCommandLine(): void {
  document.getElementById(COMMAND_FIELD_ID)?.focus()
}

/** Lets the person pick a file with commands, or a trace, and runs it. */
export async function pickScript(): Promise<void> {
  const field = document.createElement('input')
  field.type = 'file'
  field.addEventListener('change', () => {
    const [file] = field.files ?? []
    if (file) void runScript(file)
  })
  field.click()
}

async function runScript(file: File): Promise<void> {
  try {
    await sessionStore.getState().runCommands(await file.text())
  } catch (error) {
    notify(`${file.name} could not be read: ${reasonOf(error)}`)
  }
}

/** Saves the image as it now stands: to a file that the person picks, or as a download. */
export async function downloadImage(): Promise<void> {
  const { choice, gatherImage } = sessionStore.getState()
  if (!choice) return
  const name = fileName(nameOf(choice))
  const picker = globalThis as SavePicker
  try {
    // The place is asked for first: browsers allow that only as long as the click is fresh.
    const handle = await picker.showSaveFilePicker?.({ suggestedName: name })
    const file = await gatherImage()
    if (!file) return
    if (handle) await file.stream().pipeTo(await handle.createWritable())
    else download(file, name)
    notify(`${name} saved.`)
  } catch (error) {
    // Whoever closes the dialog does not want to be told.
    if (!(error instanceof DOMException && error.name === 'AbortError'))
      notify(`The image was not saved: ${reasonOf(error)}`)
  }
}

/** "disk.qcow2.gz" and "a scenario" become names of a plain image. */
export function fileName(name: string): string {
  const stem = name
    .replace(/\.gz$/i, '')
    .replace(/\.(qcow2|img|raw)$/i, '')
    .replace(/[^\w.-]+/g, '-')
  return `${stem || 'image'}.qcow2`
}

const notify = (text: string): void => uiStore.getState().notify(text)
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
