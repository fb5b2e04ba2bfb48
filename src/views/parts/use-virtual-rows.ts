/** Long lists of rows of one height: only those in view are drawn, whatever the number of rows. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { scaledScrolling, scrolledHeight, scrollFactor } from './scaled-scroll.ts'

export interface VirtualRows {
  /** For the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>
  /** For the element inside it, which holds the rows (CSS pixels). */
  readonly height: number
  /** Those to be drawn; `top` from the top of that element. */
  readonly rows: readonly { readonly index: number; readonly top: number }[]
  /** How many rows Page Up and Page Down go. */
  readonly page: number
}

/**
 * @param active the row to be kept in view; -1 for none
 * @param shown a row to be brought into view, with some of what comes before it: a row at the edge has no surroundings.
 *   A new object each time that it is to be brought there
 */
export function useVirtualRows(
  rowCount: number,
  rowHeight: number,
  active: number,
  shown?: { readonly row: number },
): VirtualRows {
  const scroller = useRef<HTMLDivElement>(null)
  const [viewport, setViewport] = useState(0)
  const total = rowCount * rowHeight
  const factor = scrollFactor(total)
  const scrolling = useMemo(() => scaledScrolling(factor), [factor])
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    onChange: ({ scrollRect }) => scrollRect && setViewport(scrollRect.height),
    ...scrolling,
  })
  const offset = virtualizer.scrollOffset ?? 0

  // Also when something below takes some of the height.
  useEffect(() => {
    if (scroller.current && active >= 0)
      bringIntoView(scroller.current, active * rowHeight, rowHeight, viewport, factor)
  }, [active, rowHeight, viewport, factor])

  useEffect(() => {
    const element = scroller.current
    if (!element || !shown) return
    const height = element.clientHeight
    bringIntoView(element, shown.row * rowHeight, rowHeight, height, factor, Math.floor(height / 3))
  }, [shown, rowHeight, factor])

  // A notch of the wheel moves as far as in any list, however many rows a pixel stands for.
  useEffect(() => {
    const element = scroller.current
    if (!element || factor === 1) return
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL) return
      event.preventDefault()
      element.scrollTop += event.deltaY / factor
    }
    // React's own listener could not keep the browser from scrolling as well.
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [factor])

  return {
    scroller,
    height: scrolledHeight(total, viewport),
    rows: virtualizer
      .getVirtualItems()
      .map(({ index, start }) => ({ index, top: start - offset + offset / factor })),
    page: Math.max(1, Math.floor(viewport / rowHeight) - 1),
  }
}

/**
 * @param top of the row in the list, were it drawn whole
 * @param before how much of the list is to be seen before a row that was not in view; as little as can be if not given
 */
function bringIntoView(
  element: HTMLElement,
  top: number,
  height: number,
  viewport: number,
  factor: number,
  before?: number,
) {
  const offset = element.scrollTop * factor
  const lowest = top + height - viewport
  if (top >= offset && lowest <= offset) return
  const nearest = top < offset ? top : lowest
  element.scrollTop = (before === undefined ? nearest : Math.max(0, top - before)) / factor
}
