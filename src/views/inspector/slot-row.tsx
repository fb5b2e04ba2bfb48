import { formatCount } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { SlotInspection, SlotsInspection, WindowInspection } from '../../simulation/inspection.ts'
import { visitCluster } from './inspector-actions.ts'

interface Props {
  readonly window: WindowInspection
  readonly slots: SlotsInspection
}

/** The bitmap cache, slot by slot: whose bitmap is where, and which goes next. */
export function SlotRow({ window, slots }: Props) {
  const { count, used, shown } = slots
  const hasDead = shown.some(slot => slot.window >= 0 && !slot.hasBitmap)
  const more = used - shown.filter(slot => slot.window >= 0).length
  return (
    <div className="slots">
      <p>
        Slots: {formatCount(used)} of {formatCount(count)} in use. {nextText(slots)}
        {hasDead && ' Struck out: taken by a window that was refused its bitmap.'}
      </p>
      <ol className="slot-row" aria-label="Slots and the windows in them">
        {shown.map(slot => (
          <li key={slot.slot}>
            <Slot slot={slot} isOwn={slot.window === window.index} isNext={slot.slot === slots.next?.slot} />
          </li>
        ))}
        {more > 0 && <li className="muted">and {formatCount(more)} more</li>}
      </ol>
    </div>
  )
}

function nextText({ canBuild, next }: SlotsInspection): string {
  if (!canBuild) return 'The limit leaves no room for another bitmap now.'
  if (!next) return 'The next bitmap takes an empty one.'
  return `The next bitmap takes slot ${formatCount(next.slot)}: window ${formatCount(next.window)} has gone unused for longest.`
}

function Slot({ slot, isOwn, isNext }: { slot: SlotInspection; isOwn: boolean; isNext: boolean }) {
  if (slot.window < 0)
    return (
      <span className="slot slot-empty" title={`Slot ${slot.slot}: empty`}>
        –
      </span>
    )
  const used = `last used ${formatCount(slot.unusedFor)} ${slot.unusedFor === 1 ? 'tick' : 'ticks'} ago`
  const bitmap = slot.hasBitmap ? '' : ', without a bitmap'
  const place = isNext ? ', next to go' : ''
  return (
    <button
      type="button"
      className={`slot${isOwn ? ' slot-own' : ''}${isNext ? ' slot-next' : ''}${slot.hasBitmap ? '' : ' slot-dead'}`}
      aria-current={isOwn || undefined}
      title={`Slot ${slot.slot}: window ${formatCount(slot.window)}${bitmap}, ${used}${place}`}
      onClick={() => visitCluster(slot.window * WINDOW_CLUSTERS)}
    >
      {slot.window}
      {!slot.hasBitmap && <span className="visually-hidden">, without a bitmap</span>}
      {isNext && <span aria-hidden="true"> ↑</span>}
    </button>
  )
}
