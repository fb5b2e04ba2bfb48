/** What the map follows: the stage's size, the theme, and the stores. */
import { layerFilterStore } from '../../state/layer-filter-store.ts'
import { preferencesStore } from '../../state/preferences-store.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { watchTheme } from './map-colours.ts'

export interface MapEvents {
  /** The stage, or the number of device pixels a CSS pixel, may be another. */
  resized(): void
  /** Theme, layer, filter or checked types are others. */
  recoloured(): void
  /** Another image, or another state of it. */
  changed(): void
  /** What is pinned or pointed at, or was asked to be shown. */
  selected(now: Selection, before: Selection): void
}

type Selection = ReturnType<typeof selectionStore.getState>

/** @returns ends it */
export function watchMap(stage: HTMLElement, events: MapEvents): () => void {
  const onResize = () => events.resized()
  const observer = new ResizeObserver(onResize)
  observer.observe(stage)
  addEventListener('resize', onResize)
  const cleanups = [
    () => observer.disconnect(),
    () => removeEventListener('resize', onResize),
    watchTheme(() => events.recoloured()),
    preferencesStore.subscribe((now, before) => {
      if (now.layer !== before.layer || now.theme !== before.theme) events.recoloured()
    }),
    layerFilterStore.subscribe(() => events.recoloured()),
    sessionStore.subscribe((now, before) => {
      if (now.report === before.report && now.image === before.image && now.opening === before.opening) return
      if (now.report?.options.checkedTypes !== before.report?.options.checkedTypes) events.recoloured()
      events.changed()
    }),
    selectionStore.subscribe((now, before) => events.selected(now, before)),
  ]
  return () => {
    for (const cleanup of cleanups) cleanup()
  }
}
