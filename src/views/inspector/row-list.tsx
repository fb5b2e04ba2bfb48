import type { HTMLAttributes, ReactNode } from 'react'
import { useVirtualRows } from '../parts/use-virtual-rows.ts'

interface Props extends Omit<HTMLAttributes<HTMLDivElement>, 'children' | 'onScroll'> {
  readonly count: number
  /** CSS pixels. */
  readonly rowHeight: number
  /** A row that is to be in view; a new object each time that it is to be brought there. */
  readonly shown: { readonly row: number } | undefined
  /** @param style puts the row into its place */
  renderRow(index: number, style: { readonly transform: string; readonly height: number }): ReactNode
}

/** A list of any length, of which the rows in view are there. */
export function RowList({ count, rowHeight, shown, renderRow, ...attributes }: Props) {
  const { scroller, height, rows } = useVirtualRows(count, rowHeight, -1, shown)
  return (
    <div ref={scroller} {...attributes}>
      <div role="presentation" className="rows" style={{ height }}>
        {rows.map(({ index, top }) =>
          renderRow(index, { transform: `translateY(${top}px)`, height: rowHeight }),
        )}
      </div>
    </div>
  )
}
