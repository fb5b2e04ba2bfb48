/** What the map's layers are called, and what they tell. */
import { type Layer, LAYERS } from '../../lib/layers.ts'

interface LayerText {
  readonly name: string
  /** What a cluster's colour tells there. */
  readonly tells: string
}

export const LAYER_TEXTS: Readonly<Record<Layer, LayerText>> = {
  owner: { name: 'Owner', tells: 'whose a cluster is' },
  protection: { name: 'Protection', tells: 'whether a cluster is guarded' },
  refcount: { name: 'Refcount', tells: 'how many references a cluster is said to have' },
  age: { name: 'Age', tells: 'how long ago the engine last used a cluster’s window' },
  problem: { name: 'Problem', tells: 'what is wrong with a cluster' },
}

/** For the switch over the map. */
export const LAYER_CHOICES = LAYERS.map(value => ({
  value,
  text: LAYER_TEXTS[value].name,
  title: `Colour tells ${LAYER_TEXTS[value].tells} (L goes on to the next layer)`,
}))
