import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { uiStore } from '../../state/ui-store.ts'
import { describeWindow } from './describe.ts'
import { reportFailure } from './map-actions.ts'
import { mapStore } from './map-store.ts'

/** Tells of the pinned cluster's window, or of the one in the middle: seen as a notice, and spoken. */
export async function describeHere(): Promise<void> {
  const { run, image } = sessionStore.getState()
  const cluster = selectionStore.getState().selected ?? mapStore.getState().map?.middle ?? 0
  if (!image) return
  try {
    const { inspection } = await simulator.request({ type: 'inspect', run, cluster })
    uiStore.getState().notify(describeWindow(inspection.window, image.clusterSize))
  } catch (error) {
    reportFailure(error)
  }
}
