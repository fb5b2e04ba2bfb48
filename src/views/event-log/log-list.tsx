import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { LogRow } from './log-row.tsx'
import { scaledScrolling, scrolledHeight, scrollFactor } from './scaled-scroll.ts'
import type { LogModel, ShownRow } from './use-log-model.ts'

/** CSS pixels. */
const ROW_HEIGHT = 24

interface Props {
  readonly model: LogModel
  /** The row that keys act on; -1 for none. */
  readonly active: number
  onActivate(row: number): void
  /** Enter, or a click. */
  onLocate(shown: ShownRow): void
  onCopy(shown: ShownRow): void
}

/** The rows that are in view. A tree with one focus: arrows move, right unfolds, left folds, Enter locates. */
export function LogList({ model, active, onActivate, onLocate, onCopy }: Props) {
  const { rowCount } = model
  const scroller = useRef<HTMLDivElement>(null)
  const [viewport, setViewport] = useState(0)
  const total = rowCount * ROW_HEIGHT
  const factor = scrollFactor(total)
  const scrolling = useMemo(() => scaledScrolling(factor), [factor])
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    onChange: ({ scrollRect }) => scrollRect && setViewport(scrollRect.height),
    ...scrolling,
  })
  const offset = virtualizer.scrollOffset ?? 0

  // Also when the detail below takes some of the height.
  useEffect(() => {
    if (scroller.current && active >= 0) bringIntoView(scroller.current, active, viewport, factor)
  }, [active, viewport, factor])
  const go = (row: number) => onActivate(Math.min(Math.max(row, 0), rowCount - 1))

  const onKeyDown = (event: KeyboardEvent) => {
    if (rowCount === 0) return
    const shown = active >= 0 && active < rowCount ? model.row(active) : undefined
    const page = Math.max(1, Math.floor(viewport / ROW_HEIGHT) - 1)
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      PageDown: () => go(active + page),
      PageUp: () => go(active - page),
      Home: () => go(0),
      End: () => go(rowCount - 1),
      ArrowRight: () => shown && !shown.member && !shown.unfolded && model.toggle(shown),
      ArrowLeft: () => {
        if (!shown?.unfolded) return
        onActivate(model.rowOf(shown.row.place))
        model.toggle(shown)
      },
      Enter: () => shown && onLocate(shown),
    }
    const isCopy = (event.ctrlKey || event.metaKey) && event.key === 'c'
    const move = isCopy ? () => shown && onCopy(shown) : moves[event.key]
    if (!move || (!isCopy && (event.ctrlKey || event.metaKey))) return
    event.preventDefault()
    move()
  }
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

  return (
    <div
      ref={scroller}
      className="log-scroller"
      role="tree"
      tabIndex={0}
      aria-label="Events"
      aria-activedescendant={active >= 0 ? `log-row-${active}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={() => active < 0 && onActivate(0)}
    >
      <div role="presentation" className="log-rows" style={{ height: scrolledHeight(total, viewport) }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const shown = model.row(index)
          return (
            <LogRow
              key={index}
              id={`log-row-${index}`}
              style={{ transform: `translateY(${start - offset + offset / factor}px)`, height: ROW_HEIGHT }}
              group={shown.group}
              member={shown.member}
              unfolded={shown.unfolded}
              active={index === active}
              position={shown.position}
              onPick={() => {
                onActivate(index)
                onLocate(shown)
              }}
              onFold={() => {
                onActivate(index)
                model.toggle(shown)
              }}
            />
          )
        })}
      </div>
    </div>
  )
}

function bringIntoView(element: HTMLElement, row: number, viewport: number, factor: number): void {
  const offset = element.scrollTop * factor
  const top = row * ROW_HEIGHT
  const lowest = top + ROW_HEIGHT - viewport
  if (top < offset) element.scrollTop = top / factor
  else if (lowest > offset) element.scrollTop = lowest / factor
}
