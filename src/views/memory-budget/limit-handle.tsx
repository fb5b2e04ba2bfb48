import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { type BudgetScale, limitAfterKey } from './budget-scale.ts'

interface Props {
  readonly scale: BudgetScale
  /** Bytes; undefined for unlimited. */
  readonly limit: number | undefined
  /** The limit and what it comes to, for those who cannot see the gauge. */
  readonly valueText: string
  readonly reached: boolean
  readonly disabled: boolean
  /** @param gesture the same for all changes of one drag */
  onChange(limit: number | undefined, gesture: string): void
  onDragStart(): void
  onDragEnd(): void
}

/** The limit as a handle on the gauge: by pointer anywhere on the gauge, or by keys. */
export function LimitHandle(props: Props) {
  const { scale, limit, valueText, reached, disabled, onChange, onDragStart, onDragEnd } = props
  const track = useRef<HTMLDivElement>(null)
  const gestures = useRef(0)
  const [dragging, setDragging] = useState(false)

  const moveTo = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect()
    if (!box || box.width === 0) return
    onChange(scale.limitAt((event.clientX - box.left) / box.width), `drag ${gestures.current}`)
  }
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (disabled || event.button !== 0) return
    gestures.current++
    event.currentTarget.setPointerCapture(event.pointerId)
    setDragging(true)
    onDragStart()
    moveTo(event)
  }
  const onPointerEnd = () => {
    if (!dragging) return
    setDragging(false)
    onDragEnd()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = disabled ? undefined : limitAfterKey(event.key, event.shiftKey, limit, scale)
    if (!next) return
    event.preventDefault()
    onChange(next.limit, 'keys')
  }

  return (
    <div
      ref={track}
      className="limit-track"
      data-dragging={dragging || undefined}
      onPointerDown={onPointerDown}
      onPointerMove={event => dragging && moveTo(event)}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
    >
      <div
        className={reached ? 'limit-handle limit-reached' : 'limit-handle'}
        style={{ left: `${scale.fraction(limit) * 100}%` }}
        role="slider"
        tabIndex={disabled ? -1 : 0}
        aria-label="Memory limit"
        aria-disabled={disabled}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={scale.end}
        aria-valuenow={limit === undefined ? scale.end : Math.min(limit, scale.end)}
        aria-valuetext={valueText}
        onKeyDown={onKeyDown}
      />
    </div>
  )
}
