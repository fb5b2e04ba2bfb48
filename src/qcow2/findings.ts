import type { HostOffset } from '../lib/units.ts'
import type { Problem } from './image.ts'

/** How many problems are kept with their words; the others are only counted. */
export const MAX_PROBLEMS = 1000

/** What is found wrong on the way, counted as `qemu-img check` counts. */
export class Findings {
  corruptions = 0
  leaks = 0
  /** What could not be checked at all. */
  checkErrors = 0
  problemCount = 0
  readonly problems: Problem[] = []

  /** False once the list is full: then words need no longer be made. */
  get wantsWords(): boolean {
    return this.problems.length < MAX_PROBLEMS
  }

  /**
   * @param times how many corruptions that is to QEMU, which follows a shared table once a reference
   * @param words made only if there is still room for them
   */
  corruption(words: () => string, offset?: HostOffset, times = 1): void {
    this.corruptions += times
    this.#add(words, offset, times)
  }

  leak(words: () => string, offset?: HostOffset, times = 1): void {
    this.leaks += times
    this.#add(words, offset, times)
  }

  checkError(words: () => string, offset?: HostOffset, times = 1): void {
    this.checkErrors += times
    this.#add(words, offset, times)
  }

  #add(words: () => string, offset: HostOffset | undefined, times: number): void {
    if (times === 0) return
    this.problemCount += times
    if (this.wantsWords) this.problems.push({ message: words(), ...(offset === undefined ? {} : { offset }) })
  }
}
