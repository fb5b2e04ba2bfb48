/** For tests: `window.overlapscope.idle()` is fulfilled once the page has nothing left to do. */
import { sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'

declare global {
  interface Window {
    overlapscope?: { idle(): Promise<void> }
  }
}

const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve))

const isBusy = () => simulator.outstandingCount > 0 || sessionStore.getState().opening !== undefined

/** Frames without work after which none is expected: drawing a frame may ask the worker for more. */
const QUIET_FRAMES = 3

export function installTestingHook(): void {
  document.documentElement.dataset['testing'] = ''
  window.overlapscope = {
    async idle() {
      for (let quiet = 0; quiet < QUIET_FRAMES; quiet = isBusy() ? 0 : quiet + 1) await nextFrame()
    },
  }
}
