/** How the page is to look. Kept in this browser where it lets us. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { type Layer, LAYERS } from '../lib/layers.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export interface PreferencesState {
  readonly theme: Theme
  /** What the colour of a cluster on the map tells. */
  readonly layer: Layer
  /** Sections that are folded away, by name. */
  readonly folded: readonly string[]
  setTheme(theme: Theme): void
  setLayer(layer: Layer): void
  setFolded(section: string, folded: boolean): void
}

/** The two calls of localStorage that are used; either may throw where the browser forbids them. */
export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KEY = 'overlapscope.preferences'

/** @param storage returns where to keep them; may throw, then they last as long as the page */
export function createPreferencesStore(storage: () => KeyValueStorage) {
  const kept = load(storage)
  const store = createStore<PreferencesState>()((set, get) => ({
    theme: oneOf(THEMES, kept['theme']),
    layer: oneOf(LAYERS, kept['layer']),
    folded: strings(kept['folded']),
    setTheme: theme => set({ theme }),
    setLayer: layer => set({ layer }),
    setFolded: (section, folded) => {
      const others = get().folded.filter(each => each !== section)
      set({ folded: folded ? [...others, section] : others })
    },
  }))
  store.subscribe(({ theme, layer, folded }) => {
    try {
      storage().setItem(KEY, JSON.stringify({ theme, layer, folded }))
    } catch {
      // Private windows and full disks: the preference then lasts as long as the page.
    }
  })
  return store
}

function load(storage: () => KeyValueStorage): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(storage().getItem(KEY) ?? '{}')
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** The first of them stands in for what is missing or no longer known. */
function oneOf<T extends string>(known: readonly [T, ...T[]], value: unknown): T {
  return known.find(each => each === value) ?? known[0]
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'string') : []

export const preferencesStore = createPreferencesStore(() => localStorage)

export function usePreferences<T>(select: (state: PreferencesState) => T): T {
  return useStore(preferencesStore, select)
}
