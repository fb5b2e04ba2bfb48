/** The layers' part of the table of commands. */
import { type Layer, LAYERS } from '../../lib/layers.ts'
import { layerFilterStore } from '../../state/layer-filter-store.ts'
import { preferencesStore } from '../../state/preferences-store.ts'
import type { Command } from '../commands/command.ts'
import { LAYER_TEXTS } from './layer-texts.ts'

const preferences = () => preferencesStore.getState()

function turn(by: number): void {
  const { layer, setLayer } = preferences()
  setLayer(LAYERS.at((LAYERS.indexOf(layer) + by) % LAYERS.length) ?? layer)
}

/** Those that had a key of their own when there were two. */
const KEYS: Partial<Record<Layer, readonly string[]>> = { protection: ['P'] }

export const LAYER_COMMANDS: readonly Command[] = [
  { id: 'layer-next', title: 'Next layer of the map', group: 'View', keys: ['L'], run: () => turn(1) },
  {
    id: 'layer-previous',
    title: 'Previous layer of the map',
    group: 'View',
    keys: ['Shift+L'],
    run: () => turn(-1),
  },
  ...LAYERS.map(layer => ({
    id: `layer-${layer}`,
    title: `Show on the map ${LAYER_TEXTS[layer].tells}`,
    group: 'View' as const,
    ...(KEYS[layer] ? { keys: KEYS[layer] } : {}),
    run: () => preferences().setLayer(layer),
  })),
  {
    id: 'layer-show-all',
    title: 'Show all kinds of clusters on the map again',
    group: 'View',
    keys: ['Shift+A'],
    run: () => layerFilterStore.getState().setHidden(preferences().layer, []),
    enabled: () => layerFilterStore.getState().hidden[preferences().layer].length > 0,
  },
]
