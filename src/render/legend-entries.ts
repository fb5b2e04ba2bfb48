/** What frames and cells of the map mean: one list for the page's legend and for the one in an exported picture. */
import type { Layer } from '../lib/layers.ts'
import { Owner, OWNERS } from '../lib/owners.ts'
import type { Outcome } from '../simulation/report.ts'
import type { ColourRecipe } from './colours.ts'
import { GUARDED, type GuardStyle, LOCKED_OUT, LOST, NOT_METADATA, TYPE_NOT_CHECKED } from './guard-style.ts'
import { ownerStyle } from './owner-style.ts'

export interface LegendEntry {
  readonly key: string
  /** How its sample looks: a line of that kind around nothing, or a cell. */
  readonly look:
    | 'fragments'
    | 'cached'
    | 'kept'
    | 'refused'
    | 'path'
    | 'cell'
    /** A cell with an edge of its colour and nothing in it. */
    | 'hollow'
    /** A cell under the hatch of what is lost. */
    | 'lost'
  readonly colour: ColourRecipe
  readonly text: string
  readonly title: string
}

const frame = (look: LegendEntry['look'], token: string, title: string): LegendEntry => ({
  key: look,
  look,
  colour: { token },
  text: look,
  title,
})

const FRAMES: readonly LegendEntry[] = [
  frame('fragments', 'frag', 'The window is held as a list of fragments'),
  frame('cached', 'cached', 'The window’s bitmap is in a slot of the cache'),
  frame('kept', 'kept', 'The window’s bitmap is kept outside the slots, for good'),
  frame('refused', 'danger', 'The window’s bitmap was refused'),
]

const LOCKED_OUT_TITLE =
  'Unguarded: recorded, but no bitmap can be built to look at it. A window’s frame of this colour says so of all in it'

const PATH: LegendEntry = {
  key: 'path',
  look: 'path',
  colour: { token: 'accent' },
  text: 'last command',
  title: 'Where the last command that wrote went; a cross: metadata lies there',
}

const guard = (style: GuardStyle, look: LegendEntry['look'] = 'cell', title = style.label): LegendEntry => ({
  key: style.label,
  look,
  colour: style.colour,
  text: style.short,
  title,
})

export interface LegendScene {
  readonly layer: Layer
  readonly outcome: Outcome['kind'] | undefined
  /** Whether the way of the last command is marked on the map. */
  readonly hasPath: boolean
  /** Owners to be named by their colours, in this order. */
  readonly owners: readonly number[]
}

/** Owners that the page's legend names; metadata has its colours beside the options. */
export const PLAIN_OWNERS: readonly number[] = [Owner.guestData, Owner.free]

export function legendEntries({ layer, outcome, hasPath, owners }: LegendScene): LegendEntry[] {
  return [
    ...(outcome === 'guarded' ? FRAMES : []),
    ...(layer === 'owner'
      ? owners.map(ownerEntry)
      : [guard(GUARDED), guard(TYPE_NOT_CHECKED, 'hollow'), guard(NOT_METADATA)]),
    ...(outcome === 'refused' || outcome === 'scanned'
      ? []
      : [guard(LOST, 'lost'), guard(LOCKED_OUT, 'hollow', LOCKED_OUT_TITLE)]),
    ...(hasPath ? [PATH] : []),
  ]
}

function ownerEntry(owner: number): LegendEntry {
  const label = OWNERS[owner]?.label ?? ''
  return { key: label, look: 'cell', colour: ownerStyle(owner).colour, text: label, title: '' }
}
