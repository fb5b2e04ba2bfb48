import type { CSSProperties } from 'react'
import { formatCount } from '../../lib/sizes.ts'
import type { LogGroup, LogMember } from '../../simulation/report.ts'
import { QmpText } from './qmp-text.tsx'

interface Props {
  readonly id: string
  readonly style: CSSProperties
  /** undefined while it is on the way. */
  readonly group: LogGroup | undefined
  /** For a row inside an unfolded group. */
  readonly member: { readonly index: number; readonly event: LogMember | undefined } | undefined
  readonly unfolded: boolean
  readonly active: boolean
  readonly position: { readonly place: number; readonly of: number }
  onPick(): void
  onFold(): void
}

/** A group of equal events in a row, or one of its members. */
export function LogRow({ id, style, group, member, unfolded, active, position, onPick, onFold }: Props) {
  const step = member ? member.event?.step : group?.firstStep
  const json = member ? member.event?.json : group?.json
  const foldable = member === undefined && group !== undefined && group.count > 1
  return (
    // The tree has the focus and its keys; aria-activedescendant points at the active row.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="treeitem"
      className={member ? 'log-row log-member' : 'log-row'}
      style={style}
      aria-level={member ? 2 : 1}
      aria-posinset={position.place + 1}
      aria-setsize={position.of}
      aria-selected={active}
      aria-expanded={foldable ? unfolded : undefined}
      onClick={onPick}
    >
      <span className="log-step">{step === undefined ? '' : `step ${formatCount(step + 1)}`}</span>
      {group?.kind === 'missed' ? (
        <span className="log-missed" title="Overlapscope’s own row: QEMU sends no event for it">
          {json}
        </span>
      ) : (
        <span className="log-json mono">{json === undefined ? '…' : <QmpText json={json} />}</span>
      )}
      {foldable && (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
        <span
          className="log-count"
          title={
            unfolded ? 'Fold (left arrow)' : `Unfold ${formatCount(group.count)} equal events (right arrow)`
          }
          onClick={event => {
            event.stopPropagation()
            onFold()
          }}
        >
          × {formatCount(group.count)} {unfolded ? '▾' : '▸'}
        </span>
      )}
    </div>
  )
}
