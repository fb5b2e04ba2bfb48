/**
 * Reading a slow file in units of one MiB, the most recently used of which are kept. A call costs about
 * half a millisecond in a browser whatever its length up to 64 KiB, so what is read bit by bit comes in units, and what
 * is wanted from many places at once is fetched together.
 */
import { type CancelSignal, throwIfCancelled } from '../lib/cancel.ts'
import type { Bytes } from '../lib/units.ts'
import { type ByteSource, type Reading, readingOf, type Span } from './byte-source.ts'
import { stretchesOf } from './stretches.ts'

export const UNIT_BYTES = 2 ** 20
const DEFAULT_CACHE_BYTES = 64 * UNIT_BYTES
/** The longest single call to the file, when many units in a row are missing. */
const MAX_FETCH_UNITS = 16

export interface CacheOptions {
  /** How much is kept, in bytes; at least one unit is. */
  readonly cacheBytes?: Bytes
  /** So much is fetched in one piece for spans that lie close together; left out: as much as they take. */
  readonly maxStretchBytes?: Bytes
  /** Every read after its abortion throws Cancelled. */
  readonly signal?: CancelSignal
  /** Called after each call to the file, with the bytes fetched so far. */
  readonly onProgress?: (bytesRead: Bytes) => void
}

/** Reads exactly the bytes asked for, which all lie inside the file, together: either all of them are there, or it fails. */
export type Fetch = (spans: readonly Span[]) => Promise<readonly Uint8Array[]>

export class CachedSource implements ByteSource {
  readonly size: Bytes
  readonly #fetch: Fetch
  readonly #options: CacheOptions
  readonly #maxUnits: number
  /** Least recently used first. What is still on its way is in here too, so nothing is fetched twice. */
  readonly #units = new Map<number, Promise<Uint8Array>>()
  #bytesRead = 0

  constructor(size: Bytes, fetch: Fetch, options: CacheOptions = {}) {
    this.size = size
    this.#fetch = fetch
    this.#options = options
    this.#maxUnits = Math.max(1, Math.floor((options.cacheBytes ?? DEFAULT_CACHE_BYTES) / UNIT_BYTES))
  }

  /** Bytes fetched from the file so far. */
  get bytesRead(): Bytes {
    return this.#bytesRead
  }

  async read(offset: Bytes, length: Bytes): Promise<Uint8Array> {
    throwIfCancelled(this.#options.signal)
    const end = Math.min(offset + length, this.size)
    if (end <= offset) return new Uint8Array(length)
    const firstUnit = Math.floor(offset / UNIT_BYTES)
    const lastUnit = Math.floor((end - 1) / UNIT_BYTES)
    if (firstUnit === lastUnit && end === offset + length) {
      const unit = await this.#unit(firstUnit, firstUnit)
      const start = offset - firstUnit * UNIT_BYTES
      return unit.subarray(start, start + length)
    }
    const result = new Uint8Array(length)
    for (let index = firstUnit; index <= lastUnit; index++) {
      const unit = await this.#unit(index, lastUnit)
      throwIfCancelled(this.#options.signal)
      const unitStart = index * UNIT_BYTES
      const from = Math.max(offset, unitStart)
      const to = Math.min(end, unitStart + unit.length)
      result.set(unit.subarray(from - unitStart, to - unitStart), from - offset)
    }
    return result
  }

  /** Keeps nothing of what is fetched for it: what is read so is mostly read once. */
  async readMany(spans: readonly Span[]): Promise<readonly Reading[]> {
    throwIfCancelled(this.#options.signal)
    const fetched = await this.#fetchTogether(spans.filter(span => this.#isMissing(span)))
    throwIfCancelled(this.#options.signal)
    return await Promise.all(
      spans.map(span => fetched.get(span) ?? readingOf(this.read(span.offset, span.length))),
    )
  }

  /** Whether nothing of a span is known without the file: neither that it is zeros, nor what the cache holds. */
  #isMissing({ offset, length }: Span): boolean {
    if (length === 0 || offset + length > this.size) return false
    const lastUnit = Math.floor((offset + length - 1) / UNIT_BYTES)
    for (let unit = Math.floor(offset / UNIT_BYTES); unit <= lastUnit; unit++)
      if (!this.#units.has(unit)) return true
    return false
  }

  async #fetchTogether(spans: readonly Span[]): Promise<ReadonlyMap<Span, Reading>> {
    const stretches = stretchesOf(spans, this.#options.maxStretchBytes)
    const readings = new Map<Span, Reading>()
    try {
      const fetched = await this.#fetchCounted(stretches)
      for (const [index, { offset, spans: parts }] of stretches.entries())
        for (const span of parts) {
          const start = span.offset - offset
          readings.set(span, fetched[index]!.subarray(start, start + span.length))
        }
    } catch {
      // One by one, so that each tells of itself whether it can be read.
      await Promise.all(
        spans.map(async span => {
          readings.set(span, await readingOf(this.#fetchCounted([span]).then(([bytes]) => bytes!)))
        }),
      )
    }
    return readings
  }

  /** @param last the last unit that the caller is going to want: missing ones up to it come in one call */
  #unit(index: number, last: number): Promise<Uint8Array> {
    const cached = this.#units.get(index)
    if (cached) {
      this.#units.delete(index)
      this.#units.set(index, cached)
      return cached
    }
    let count = 1
    const most = Math.min(last - index + 1, MAX_FETCH_UNITS, this.#maxUnits)
    while (count < most && !this.#units.has(index + count)) count++
    const run = this.#fetchRun(index, count)
    for (let i = 0; i < count; i++) {
      // A copy where there are many, so that one of them does not keep all of them in memory.
      const unit = run.then(bytes =>
        count === 1 ? bytes : bytes.slice(i * UNIT_BYTES, (i + 1) * UNIT_BYTES),
      )
      this.#units.set(index + i, unit)
      // A failure is told to whoever reads the unit; it is not kept, so that reading can be tried again.
      unit.catch(() => this.#forget(index + i, unit))
    }
    // Newest of all, so that making room does not take away the very unit that was asked for.
    const wanted = this.#units.get(index) ?? run
    this.#units.delete(index)
    this.#units.set(index, wanted)
    for (const oldest of this.#units.keys()) {
      if (this.#units.size <= this.#maxUnits) break
      this.#units.delete(oldest)
    }
    return wanted
  }

  #forget(index: number, unit: Promise<Uint8Array>): void {
    if (this.#units.get(index) === unit) this.#units.delete(index)
  }

  #fetchRun(index: number, count: number): Promise<Uint8Array> {
    const offset = index * UNIT_BYTES
    const length = Math.min(count * UNIT_BYTES, this.size - offset)
    return this.#fetchCounted([{ offset, length }]).then(([bytes]) => bytes!)
  }

  async #fetchCounted(spans: readonly Span[]): Promise<readonly Uint8Array[]> {
    if (spans.length === 0) return []
    const fetched = await this.#fetch(spans)
    for (const { length } of spans) this.#bytesRead += length
    this.#options.onProgress?.(this.#bytesRead)
    return fetched
  }
}
