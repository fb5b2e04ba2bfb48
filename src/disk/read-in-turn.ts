import { type ByteSource, readMany, type Reading, type Span } from './byte-source.ts'
import { gapReadOver } from './stretches.ts'

/** So much is asked for in one go: the more the faster, but a browser is deaf while it is being asked, 0.2 ms a span. */
const BATCH_SPANS = 128
const BATCH_BYTES = 2 ** 23

/** So many batches are on their way while one is being looked at. */
const BATCHES_AHEAD = 4

/** Spans that were read together. */
export interface Batch<S extends Span> {
  readonly spans: readonly S[]
  /** What each of them came to. */
  readonly readings: readonly Reading[]
}

/**
 * Reads spans in their order, the next ones while the last are being looked at.
 * @param spans best in the order of the file; they are asked for as reading comes to them
 * @throws Cancelled
 */
export async function* readInTurn<S extends Span>(
  disk: ByteSource,
  spans: Iterable<S>,
): AsyncGenerator<Batch<S>, void, void> {
  const ahead: Promise<Batch<S>>[] = []
  for (const batch of batchesOf(spans)) {
    const reading = readMany(disk, batch).then(readings => ({ spans: batch, readings }))
    // Its failure is told when its turn comes, if ever.
    reading.catch(() => {})
    ahead.push(reading)
    if (ahead.length > BATCHES_AHEAD) yield await ahead.shift()!
  }
  for (const reading of ahead) yield await reading
}

function* batchesOf<S extends Span>(spans: Iterable<S>): Generator<S[]> {
  let batch: S[] = []
  let bytes = 0
  let end = 0
  for (const span of spans) {
    batch.push(span)
    bytes += span.length + gapReadOver(end, span)
    end = span.offset + span.length
    if (batch.length < BATCH_SPANS && bytes < BATCH_BYTES) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

/** Two rows of spans as one. @param one in the order of the file @param other likewise */
export function* inFileOrder<A extends Span, B extends Span>(
  one: Iterable<A>,
  other: Iterable<B>,
): Generator<A | B> {
  const others = other[Symbol.iterator]()
  let next = others.next()
  for (const span of one) {
    for (; !next.done && next.value.offset < span.offset; next = others.next()) yield next.value
    yield span
  }
  for (; !next.done; next = others.next()) yield next.value
}
