import { useEffect } from 'react'
import { isTesting } from '../../state/address.ts'
import { useUi } from '../../state/ui-store.ts'
import './notice.css'

/** How long a notice stays (ms). */
const STAY = 6000

/** A short sentence at the foot of the page that goes away by itself. */
export function Notice() {
  const notice = useUi(state => state.notice)
  const clear = useUi(state => state.clearNotice)
  useEffect(() => {
    // A test reads at its own pace.
    if (!notice || isTesting()) return
    const timer = setTimeout(clear, STAY)
    return () => clearTimeout(timer)
  }, [notice, clear])
  return (
    <div className="notice-place" role="status">
      {notice && (
        <button type="button" className="notice" title="Dismiss" onClick={clear}>
          {notice.text}
        </button>
      )}
    </div>
  )
}
