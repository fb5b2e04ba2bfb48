/** Tells the page how commands come along, not more often than it can show, and lets it say something meanwhile. */
import type { CommandHooks } from '../simulation/session.ts'
import type { CommandEntry } from '../simulation/report.ts'
import { breath } from './breathing-source.ts'
import { ProgressReporter, type ReadCounter } from './progress.ts'
import type { Reply, RequestId, RunId } from './protocol.ts'

/** How long entries may wait for more of them (ms). */
const INTERVAL = 60

export class Telling {
  private readonly post: (reply: Reply) => void
  private readonly address: { readonly id: RequestId; readonly run: RunId }
  private readonly counter: ReadCounter
  private readonly progress: ProgressReporter
  private readonly breathe = breath()
  private waiting: CommandEntry[] = []
  private last = -Infinity

  constructor(
    post: (reply: Reply) => void,
    address: { readonly id: RequestId; readonly run: RunId },
    counter: ReadCounter,
  ) {
    this.post = post
    this.address = address
    this.counter = counter
    this.progress = new ProgressReporter(progress => post({ type: 'progress', ...address, progress }))
  }

  readonly hooks: CommandHooks = {
    onEntry: (entry, done, total) => {
      this.waiting.push(entry)
      this.progress.report('Running commands', done, total, 'commands', this.counter)
      if (performance.now() - this.last > INTERVAL) this.tell()
      return this.breathe()
    },
    onProgress: (phase, done, total, unit) => {
      this.progress.report(phase, done, total, unit, this.counter)
      return this.breathe()
    },
  }

  readonly bytes = (done: number, total: number): Promise<void> => {
    this.progress.report('Gathering the image', done, total, 'bytes', this.counter)
    return this.breathe()
  }

  readonly structures = (done: number, total: number): Promise<void> => {
    this.progress.report('Listing structures', done, total, 'structures', this.counter)
    return this.breathe()
  }

  /** Tells what is left. @param count how many lines there are now; those past it are gone */
  end(count?: number): void {
    this.tell()
    if (count !== undefined) this.post({ type: 'entries', ...this.address, from: count, entries: [] })
  }

  private tell(): void {
    const [first] = this.waiting
    if (!first) return
    this.post({ type: 'entries', ...this.address, from: first.index, entries: this.waiting })
    this.waiting = []
    this.last = performance.now()
  }
}
