import { formatCount } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { WindowInspection } from '../../simulation/inspection.ts'

/** Bytes of a fragment and of a bitmap; from the engine only types can be had here. */
const FRAGMENT_BYTES = 4
const BITMAP_BYTES = WINDOW_CLUSTERS

/** The sum that decides between fragments and a bitmap, and the sizes through which the array grows. */
export function CodingSum({ window }: { readonly window: WindowInspection }) {
  const { coding, fragmentsArraySize: present } = window
  const { fragments, arraySize, ladder } = coding
  const count = `${formatCount(fragments)} ${fragments === 1 ? 'fragment' : 'fragments'}`
  const room =
    arraySize === undefined
      ? `no array under ${formatCount(BITMAP_BYTES)} bytes has room for them: the bitmap is kept`
      : `array room for ${formatCount(arraySize)}: ${formatCount(FRAGMENT_BYTES * arraySize)}`
  // A shrunk array stands between the steps, and grows on from there.
  const steps = present > 0 && !ladder.includes(present) ? [...ladder, present].sort((a, b) => a - b) : ladder
  return (
    <div className="coding">
      {fragments === 0 ? (
        <p>Nothing is recorded: there are no fragments to be coded.</p>
      ) : (
        <p>
          Coded now: <b>{count}</b> × {FRAGMENT_BYTES} = {formatCount(FRAGMENT_BYTES * fragments)} bytes (
          {room}) against {formatCount(BITMAP_BYTES)} of the bitmap.
        </p>
      )}
      <ol className="coding-ladder" aria-label="Sizes through which the array grows">
        {steps.map(size => (
          <li
            key={size}
            className={size === present ? 'coding-present' : size === arraySize ? 'coding-wanted' : undefined}
            title={`${formatCount(FRAGMENT_BYTES * size)} bytes${size === present ? ': the array as it is' : size === arraySize ? ': the array for these fragments' : ''}`}
          >
            {size}
          </li>
        ))}
        <li
          className={arraySize === undefined ? 'coding-wanted' : undefined}
          title="The next size would be no smaller than a bitmap"
        >
          given up
        </li>
      </ol>
    </div>
  )
}
