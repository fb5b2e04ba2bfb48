import type { CSSProperties } from 'react'
import { Pattern } from '../../render/cell-style.ts'
import { cssColour } from '../../render/colours.ts'
import type { LayerKind } from '../../render/layer-kinds.ts'

const PATTERN_CLASSES: readonly [code: number, name: string][] = [
  [Pattern.hollow, 'legend-hollow'],
  [Pattern.hatched, 'legend-hatched'],
  [Pattern.ghost, 'legend-ghost'],
]

/** A cell as the map draws it, and the letters that it bears. */
export function LegendSwatch({ kind: { look, sign } }: { readonly kind: Pick<LayerKind, 'look' | 'sign'> }) {
  const pattern = PATTERN_CLASSES.find(([code]) => code === look.pattern)?.[1] ?? ''
  const style: CSSProperties & Record<'--cell', string> = { '--cell': cssColour(look.colour) }
  return (
    <>
      <i className={`legend-cell ${sign ? `legend-${sign}` : pattern}`} style={style} />
      {look.glyph && !sign && (
        <span className="legend-glyph" aria-hidden="true">
          {look.glyph}
        </span>
      )}
    </>
  )
}
