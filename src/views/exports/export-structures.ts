/** Saves the structures of the image as a file. */
import { Cancelled } from '../../lib/cancel.ts'
import type { ExportFormat } from '../../simulation/structure-export.ts'
import { sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { WorkerLost } from '../../state/simulator-client.ts'
import { uiStore } from '../../state/ui-store.ts'
import { download } from '../parts/download.ts'
import { exportName } from './export-name.ts'
import { exportStore } from './export-store.ts'

export async function exportStructures(format: ExportFormat): Promise<void> {
  const { run, image } = sessionStore.getState()
  if (!image || exportStore.getState().running) return
  const what = 'the structures'
  exportStore.setState({ running: { what, progress: undefined } })
  try {
    const { file } = await simulator.request({ type: 'export-structures', run, format }, reply => {
      if (reply.type === 'progress') exportStore.setState({ running: { what, progress: reply.progress } })
    })
    download(file, exportName(image.name, `structures.${format}`))
  } catch (error) {
    // Of a lost worker the page tells.
    if (error instanceof WorkerLost) return
    const reason = error instanceof Error ? error.message : String(error)
    uiStore
      .getState()
      .notify(
        error instanceof Cancelled
          ? 'The export was stopped; no file was made.'
          : `The structures were not exported: ${reason}`,
      )
  } finally {
    exportStore.setState({ running: undefined })
  }
}

export function cancelExport(): void {
  const { run } = sessionStore.getState()
  // If that fails, so does the export itself, which is told.
  simulator.request({ type: 'cancel', run }).catch(() => undefined)
}
