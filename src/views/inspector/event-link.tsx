import { logFocusStore } from '../../state/log-focus-store.ts'

/** Shows a row of the event log. @param group the row's index in the whole log */
export function EventLink({ group }: { readonly group: number }) {
  return (
    <button type="button" className="link" onClick={() => logFocusStore.getState().show(group)}>
      Show its event
    </button>
  )
}
