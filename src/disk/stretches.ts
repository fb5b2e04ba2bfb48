import type { Bytes } from '../lib/units.ts'
import type { Span } from './byte-source.ts'

/** Reading on over so much takes no longer than beginning anew behind it, in a browser least of all. */
const MAX_GAP_BYTES = 2 ** 17

/** Bytes that are read in one go for the sake of spans in them. */
export interface Stretch extends Span {
  readonly spans: readonly Span[]
}

/** How much is read over to get from the end of one span to the next; 0 where none is, or beginning anew is faster. */
export function gapReadOver(end: Bytes, { offset }: Span): Bytes {
  const gap = offset - end
  return gap > 0 && gap <= MAX_GAP_BYTES ? gap : 0
}

/**
 * @param spans in the order of the file; one that does not follow the one before begins a stretch of its own
 * @param maxBytes only a single span makes a stretch longer
 */
export function stretchesOf(spans: readonly Span[], maxBytes: Bytes = Infinity): Stretch[] {
  const stretches: Stretch[] = []
  let parts: Span[] = []
  let start = 0
  let end = 0
  const finish = () => {
    if (parts.length > 0) stretches.push({ offset: start, length: end - start, spans: parts })
  }
  for (const span of spans) {
    const follows =
      parts.length > 0 &&
      span.offset >= start &&
      span.offset - end <= MAX_GAP_BYTES &&
      span.offset + span.length - start <= maxBytes
    if (!follows) {
      finish()
      parts = []
      start = span.offset
      end = start
    }
    parts.push(span)
    end = Math.max(end, span.offset + span.length)
  }
  finish()
  return stretches
}
