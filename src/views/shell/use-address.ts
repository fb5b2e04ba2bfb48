import { useEffect } from 'react'
import { UserError } from '../../lib/user-error.ts'
import { linkInAddress, onAddressChange, showInAddress } from '../../state/address.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { uiStore } from '../../state/ui-store.ts'

/** What a first visit shows. */
const FIRST_SCENARIO = 'event-of-the-patch'

function openFromAddress(): void {
  const { openImage, run } = sessionStore.getState()
  let link: ReturnType<typeof linkInAddress>
  uiStore.getState().dismissLink()
  try {
    link = linkInAddress()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    uiStore.getState().refuseLink({ message: error.message, advice: error.advice })
    // A link from somewhere else must not leave the page empty, nor take away what it shows.
    if (run > 0) return
  }
  if (link) void openImage(link.choice, link.options)
  else void openImage({ kind: 'scenario', id: FIRST_SCENARIO })
}

/** Browsers refuse a page that changes its address many times a second, as a dragged limit would (ms). */
const ADDRESS_DELAY = 250

/** Opens what the address names, or the first scenario, and keeps the address up with what is shown. */
export function useAddress(): void {
  useEffect(() => {
    openFromAddress()
    const stopListening = onAddressChange(openFromAddress)
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = () => {
      const { choice, options, opening } = sessionStore.getState()
      // One that cannot be understood is left to be mended; one that is being followed is not yet true.
      if (!choice || opening || uiStore.getState().badLink) return
      showInAddress(choice.kind === 'file' ? undefined : { choice, options })
    }
    const stopFollowing = sessionStore.subscribe(({ run, choice, options }, before) => {
      if (run !== before.run) selectionStore.getState().clear()
      if (!choice || (run === before.run && options === before.options)) return
      clearTimeout(timer)
      timer = setTimeout(show, ADDRESS_DELAY)
    })
    const stopAwaiting = uiStore.subscribe(({ badLink }, before) => {
      if (!before.badLink || badLink) return
      clearTimeout(timer)
      timer = setTimeout(show, ADDRESS_DELAY)
    })
    return () => {
      clearTimeout(timer)
      stopListening()
      stopFollowing()
      stopAwaiting()
    }
  }, [])
}
