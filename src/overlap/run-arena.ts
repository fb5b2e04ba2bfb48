/**
 * One typed array that holds the type runs of all windows, in blocks of 4, 8, 16 … runs. A window holds
 * a block's place and length; blocks that are given back are used again. So an edit allocates nothing,
 * and a window with a single L2 table in it costs 16 bytes here instead of a bitmap's 4096.
 *
 * A run is packed into 32 bits, so that comparing runs compares where they start:
 *
 *     31          20 19           8 7          0
 *    +--------------+--------------+------------+
 *    | first cluster| clusters - 1 | type bits  |     clusters within the window, 0 to 4095
 *    +--------------+--------------+------------+
 */
import type { TypeMask } from '../lib/metadata-types.ts'

export const packRun = (start: number, end: number, types: TypeMask): number =>
  ((start << 20) | ((end - start - 1) << 8) | types) >>> 0
export const runStart = (run: number): number => run >>> 20
/** The cluster after the run's last. */
export const runEnd = (run: number): number => (run >>> 20) + ((run >>> 8) & 0xfff) + 1
export const runTypes = (run: number): TypeMask => run & 0xff

/** Place of a block that holds nothing and need not be given back. */
export const NO_BLOCK = -1
const SMALLEST = 4

export class RunArena {
  runs: Uint32Array
  private used = 0
  /** Places of free blocks, by the binary logarithm of their size. */
  private readonly free: number[][] = Array.from({ length: 14 }, () => [])

  constructor(from?: RunArena) {
    this.runs = from ? from.runs.slice() : new Uint32Array(1024)
    if (!from) return
    this.used = from.used
    // Not push(...places): there may be more places than a call takes arguments.
    for (const [size, places] of from.free.entries()) this.free[size] = places.slice()
  }

  /** How many runs the block given out for this many has room for. */
  static blockSize(runs: number): number {
    return runs <= SMALLEST ? SMALLEST : 2 ** (32 - Math.clz32(runs - 1))
  }

  /**
   * @returns the place of a block with room for at least so many runs; its contents are arbitrary, and an
   * element past its end can be read without harm
   */
  allocate(runs: number): number {
    const size = RunArena.blockSize(runs)
    const place = this.free[31 - Math.clz32(size)]!.pop()
    if (place !== undefined) return place
    if (this.used + size >= this.runs.length) this.grow(size)
    this.used += size
    return this.used - size
  }

  /** Gives back a block that was allocated for so many runs. */
  release(place: number, runs: number): void {
    if (place !== NO_BLOCK) this.free[31 - Math.clz32(RunArena.blockSize(runs))]!.push(place)
  }

  /** Bytes really held, for memory figures. */
  get bytes(): number {
    return this.runs.byteLength
  }

  private grow(size: number): void {
    const larger = new Uint32Array(Math.max(this.runs.length * 2, this.used + size + 1))
    larger.set(this.runs)
    this.runs = larger
  }
}
