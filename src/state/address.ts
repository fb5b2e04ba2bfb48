/** The browser's address line. No other module touches it, or the history. */
import { formatLink, type LinkedState, parseLink } from './url-state.ts'

/** @throws UserError where the address cannot be understood */
export function linkInAddress(): LinkedState | undefined {
  return parseLink(location.hash)
}

/** Shows the state in the address line, without a new entry in the history. undefined: none can be. */
export function showInAddress(state: LinkedState | undefined): void {
  const base = location.pathname + location.search
  history.replaceState(null, '', state ? `${base}#${formatLink(state)}` : base)
}

/** @returns the whole link to a state of this page */
export function linkTo(state: LinkedState): string {
  const link = new URL(location.href)
  link.searchParams.delete('testing')
  link.hash = formatLink(state)
  return link.href
}

/** Calls back when a person changes the address by hand or follows a link to this page. */
export function onAddressChange(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

/** Whether a test drives the page: no animation, and an idle hook. */
export const isTesting = (): boolean => new URLSearchParams(location.search).get('testing') === '1'
