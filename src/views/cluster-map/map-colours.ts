/** The map's colours as the style sheet has them now, and word of when that changes. */
import type { ReadToken } from '../../render/colours.ts'

/** @returns how to read the tokens of the theme in force */
export function tokensOf(element: Element): ReadToken {
  const style = getComputedStyle(element)
  return token => style.getPropertyValue(`--${token}`)
}

/** Calls back after every change of theme, by choice or by the system; @returns how to stop that */
export function watchTheme(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', onChange)
  return () => {
    observer.disconnect()
    dark.removeEventListener('change', onChange)
  }
}
