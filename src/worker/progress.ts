import type { Progress } from './protocol.ts'

/** At most so often is the page told (ms). */
const INTERVAL = 60

const READING = 'Reading the file'

export interface ReadCounter {
  readonly bytesRead: () => number
  readonly bytesTotal: number
}

/** Tells the page how far something long has come, but not more often than it can show. */
export class ProgressReporter {
  private readonly post: (progress: Progress) => void
  private last = -Infinity
  private lastPhase = ''

  constructor(post: (progress: Progress) => void) {
    this.post = post
  }

  /**
   * Reading as such, of which there is something to tell only while nothing else is known of what it is for: every
   * phase reads, and tells how much beside its own progress.
   */
  reading(done: number, counter: ReadCounter): void {
    if (this.lastPhase === '' || this.lastPhase === READING)
      this.report(READING, done, counter.bytesTotal, 'bytes', counter)
  }

  report(
    phase: string,
    done: number,
    total: number,
    unit: Progress['unit'],
    { bytesRead, bytesTotal }: ReadCounter,
  ): void {
    const now = performance.now()
    if (phase === this.lastPhase && now - this.last < INTERVAL) return
    this.last = now
    this.lastPhase = phase
    this.post({ phase, done, total, unit, bytesRead: bytesRead(), bytesTotal })
  }
}
