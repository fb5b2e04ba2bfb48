/** Which of the things that share a cell or a pixel wins, in each layer of the map. */
import { SEVERITY } from './cells.ts'
import type { Layer } from './layers.ts'

/** Layers whose cells tell more than an owner have an order of their own here. */
const OF_LAYER: Partial<Record<Layer, Uint8Array>> = {}

/** How much every cell byte matters in this layer; the largest wins. */
export const severitiesOf = (layer: Layer): Uint8Array => OF_LAYER[layer] ?? SEVERITY
