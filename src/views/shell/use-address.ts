import { useEffect } from 'react'
import { linkInAddress, onAddressChange, showInAddress } from '../../state/address.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { uiStore } from '../../state/ui-store.ts'

/** What a first visit shows. */
const FIRST_SCENARIO = 'event-of-the-patch'

function openFromAddress(): void {
  const { openImage } = sessionStore.getState()
  let link: ReturnType<typeof linkInAddress>
  try {
    link = linkInAddress()
  } catch (error) {
    // A link from somewhere else must not leave the page empty.
    uiStore.getState().notify(error instanceof Error ? error.message : String(error))
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
    const stopFollowing = sessionStore.subscribe(({ run, choice, options }, before) => {
      if (run !== before.run) selectionStore.getState().clear()
      if (!choice || (run === before.run && options === before.options)) return
      clearTimeout(timer)
      timer = setTimeout(
        () => showInAddress(choice.kind === 'file' ? undefined : { choice, options }),
        ADDRESS_DELAY,
      )
    })
    return () => {
      clearTimeout(timer)
      stopListening()
      stopFollowing()
    }
  }, [])
}
