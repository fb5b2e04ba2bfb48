import { useVirtualizer } from '@tanstack/react-virtual'
import { type HTMLAttributes, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { scaledScrolling, scrolledHeight, scrollFactor } from '../parts/scaled-scroll.ts'

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
  const scroller = useRef<HTMLDivElement>(null)
  const [viewport, setViewport] = useState(0)
  const total = count * rowHeight
  const factor = scrollFactor(total)
  const scrolling = useMemo(() => scaledScrolling(factor), [factor])
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    onChange: ({ scrollRect }) => scrollRect && setViewport(scrollRect.height),
    ...scrolling,
  })
  const offset = virtualizer.scrollOffset ?? 0
  useEffect(() => {
    const element = scroller.current
    if (!element || !shown) return
    const top = shown.row * rowHeight
    const at = element.scrollTop * factor
    const height = element.clientHeight
    if (top >= at && top + rowHeight <= at + height) return
    // With some of what comes before it: a row at the edge has no surroundings.
    element.scrollTop = Math.max(0, top - Math.floor(height / 3)) / factor
  }, [shown, rowHeight, factor])
  return (
    <div ref={scroller} {...attributes}>
      <div role="presentation" className="rows" style={{ height: scrolledHeight(total, viewport) }}>
        {virtualizer.getVirtualItems().map(({ index, start }) =>
          renderRow(index, {
            transform: `translateY(${start - offset + offset / factor}px)`,
            height: rowHeight,
          }),
        )}
      </div>
    </div>
  )
}
