/** Where the keys of the map go. */

export const FIND_INPUT_ID = 'map-find'
/** The element that has the map's own keys while it has the focus (commands/use-command-keys.ts). */
export const MAP_KEYS = 'map'

export function focusFind(): void {
  const field = document.getElementById(FIND_INPUT_ID)
  field?.focus()
  if (field instanceof HTMLInputElement) field.select()
}

export const focusMap = (): void => document.querySelector<HTMLElement>(`[data-keys="${MAP_KEYS}"]`)?.focus()
