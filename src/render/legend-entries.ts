/** What frames and cells of the map mean: one list for the page's legend and for the one in an exported picture. */
import { formatCount } from '../lib/sizes.ts'
import type { Outcome } from '../simulation/report.ts'
import { Pattern } from './cell-style.ts'
import type { ColourRecipe } from './colours.ts'
import { countKind, type LayerKind, layerKinds } from './layer-kinds.ts'
import type { Palette } from './palette.ts'

export interface LegendEntry {
  readonly key: string
  /** How its sample looks: a line of that kind around nothing, or a cell. */
  readonly look:
    | 'fragments'
    | 'cached'
    | 'kept'
    | 'refused'
    | 'locked-out'
    | 'cell'
    /** A cell with an edge of its colour and nothing in it. */
    | 'hollow'
    /** A cell under the hatch of what is lost. */
    | 'lost'
  readonly colour: ColourRecipe
  readonly text: string
  readonly title: string
}

const frame = (
  look: LegendEntry['look'],
  token: string,
  title: string,
  text: string = look,
): LegendEntry => ({
  key: look,
  look,
  colour: { token },
  text,
  title,
})

export const FRAMES: readonly LegendEntry[] = [
  frame('fragments', 'frag', 'The window is held as a list of fragments'),
  frame('cached', 'cached', 'The window’s bitmap is in a slot of the cache'),
  frame('kept', 'kept', 'The window’s bitmap is kept outside the slots, for good'),
  frame(
    'locked-out',
    'danger',
    'All in the window is recorded, but no bitmap can be built for a check to look at',
    'locked out',
  ),
  frame(
    'refused',
    'danger',
    'Some of the window’s metadata is not recorded, however the rest is held; or its bitmap was refused',
    'lost or refused',
  ),
]

/**
 * @param counts clusters by cell of the palette's layer; kinds of which there are none are left out
 * @returns frames, then the kinds of the layer that the filter lets be seen
 */
export function legendEntries(
  { layer, checkedTypes, muted }: Pick<Palette, 'layer' | 'checkedTypes' | 'muted'>,
  counts: Float64Array,
  outcome: Outcome['kind'],
): LegendEntry[] {
  const seen = counts.map((count, cell) => (muted[cell] ? 0 : count))
  const kinds = layerKinds(layer, checkedTypes).flatMap(kind => {
    const count = countKind(kind, seen)
    return count > 0 ? [entryOf(kind, count)] : []
  })
  return [...(outcome === 'guarded' ? FRAMES : []), ...kinds]
}

function entryOf({ id, text, title, look, sign }: LayerKind, count: number): LegendEntry {
  const letters = look.glyph && !sign ? `${look.glyph} ` : ''
  return {
    key: id,
    look: lookOf(sign, look.pattern),
    colour: look.colour,
    text: `${letters}${text} ${formatCount(count)}`,
    title,
  }
}

function lookOf(sign: LayerKind['sign'], pattern: number): LegendEntry['look'] {
  if (sign === 'lost') return 'lost'
  return sign === 'locked-out' || pattern === Pattern.hollow ? 'hollow' : 'cell'
}
