/**
 * What is recorded in one window: type runs in order, neighbours of equal types joined, nothing where
 * there is no metadata. It says the same as the original's 4096 bytes, and the fragments that the
 * original would code them into can be counted without looking at the bytes: a run gives one fragment
 * for every 256 clusters begun.
 */
import type { TypeMask } from '../lib/metadata-types.ts'
import { packRun, runEnd, runStart, runTypes } from './run-arena.ts'

/** A fragment's length field has 8 bits. */
export const FRAGMENT_CLUSTERS = 256

const fragmentsOf = (run: number): number => ((run >>> 16) & 0xf) + 1

/** All ones where a < b, else 0; for numbers that differ by less than 2^31. */
export const onesIfLess = (a: number, b: number): number => (a - b) >> 31

/**
 * Index of the last run that starts at or before the cluster, among `count` runs from `place` on; -1 for
 * none. Which way a bisection goes cannot be foretold, so a mask does what a branch would do, and be
 * guessed wrong every other time.
 */
export function findRun(runs: Uint32Array, place: number, count: number, cluster: number): number {
  let at = place - 1
  for (let left = count; left > 0; ) {
    const half = (left + 1) >>> 1
    at += half & onesIfLess(runs[at + half]! >>> 20, cluster + 1)
    left -= half
  }
  return at - place
}

/** The types of one cluster. */
export function typesAt(runs: Uint32Array, place: number, count: number, cluster: number): TypeMask {
  const index = findRun(runs, place, count, cluster)
  if (index < 0) return 0
  const run = runs[place + index]!
  return runTypes(run) & onesIfLess(cluster, runEnd(run))
}

/**
 * Works out one edit of a run list: which runs it replaces, and by what. Kept as an object so that an
 * edit allocates nothing; its results stand in the fields until the next call.
 */
export class RunEdit {
  /** The runs to be replaced: [first, first + removed) of the list. */
  first = 0
  removed = 0
  /** What to put there. */
  readonly inserted = new Uint32Array(WORST_CASE)
  insertedCount = 0
  /** How many more (or fewer) fragments the list makes after it. */
  fragmentsChange = 0

  /**
   * Sets every cluster's types in [start, end) to (types & keep) | add.
   * @param index of the last run that starts at or before the cluster before the edit, or -1
   * @param keep a mask; clusters without metadata have types 0
   */
  plan(
    runs: Uint32Array,
    place: number,
    count: number,
    index: number,
    start: number,
    end: number,
    keep: TypeMask,
    add: TypeMask,
  ): void {
    this.insertedCount = 0
    this.fragmentsChange = 0
    // A run that ends where the edit starts may have to be joined with it; one that ends before stays.
    if (index < 0 || runEnd(runs[place + index]!) < start) index++
    this.first = index
    let position = start
    for (; index < count; index++) {
      const run = runs[place + index]!
      const from = runStart(run)
      if (from > end) break
      this.fragmentsChange -= fragmentsOf(run)
      const to = runEnd(run)
      const types = runTypes(run)
      if (from < start) this.push(from, Math.min(to, start), types)
      const inFrom = Math.max(from, start)
      const inTo = Math.min(to, end)
      if (inFrom < inTo) {
        if (position < inFrom) this.push(position, inFrom, add)
        this.push(inFrom, inTo, (types & keep) | add)
        position = inTo
      }
      if (to > end) {
        if (position < end) this.push(position, end, add)
        position = end
        this.push(Math.max(from, end), to, types)
      }
    }
    if (position < end) this.push(position, end, add)
    this.removed = index - this.first
    for (let i = 0; i < this.insertedCount; i++) this.fragmentsChange += fragmentsOf(this.inserted[i]!)
  }

  private push(start: number, end: number, types: TypeMask): void {
    if (types === 0) return
    if (this.insertedCount > 0) {
      const last = this.inserted[this.insertedCount - 1]!
      if (runEnd(last) === start && runTypes(last) === types) {
        this.inserted[this.insertedCount - 1] = packRun(runStart(last), end, types)
        return
      }
    }
    this.inserted[this.insertedCount++] = packRun(start, end, types)
  }
}

/** Every other cluster of a window is a run of its own, and an edit fills the gaps. */
const WORST_CASE = 4096 + 2
