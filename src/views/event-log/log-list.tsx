import type { KeyboardEvent } from 'react'
import { useVirtualRows } from '../parts/use-virtual-rows.ts'
import { LogRow } from './log-row.tsx'
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
  const { scroller, height, rows, page } = useVirtualRows(rowCount, ROW_HEIGHT, active)
  const go = (row: number) => onActivate(Math.min(Math.max(row, 0), rowCount - 1))

  const onKeyDown = (event: KeyboardEvent) => {
    if (rowCount === 0) return
    const shown = active >= 0 && active < rowCount ? model.row(active) : undefined
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
      <div role="presentation" className="log-rows" style={{ height }}>
        {rows.map(({ index, top }) => {
          const shown = model.row(index)
          return (
            <LogRow
              key={index}
              id={`log-row-${index}`}
              style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT }}
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
