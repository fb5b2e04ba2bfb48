/** Where a command went in the file: the ranges that it checked before it wrote to them. */
import type { EngineCall } from '../driver/guard.ts'
import type { MissedOverlap } from './event-log.ts'
import type { PathPart } from './report.ts'

/** A picture of more could not be read. */
const MOST_PARTS = 64

export class CommandPath {
  parts: PathPart[] = []
  private readonly clusterSize: number
  private isOver = false

  constructor(clusterSize: number) {
    this.clusterSize = clusterSize
  }

  /** Another command begins; the path stays until that writes something. */
  begin(): void {
    this.isOver = true
  }

  /** @param call a check before a write */
  add({ offset, clusters, found, cause }: EngineCall, missed: MissedOverlap | undefined): void {
    if (this.isOver) this.parts = []
    this.isOver = false
    const start = Math.floor(offset / this.clusterSize)
    if (missed) this.push({ start: missed.start, clusters: missed.clusters, kind: 'missed' })
    else if (found !== 0) this.push({ start, clusters, kind: 'refused' })
    else this.push({ start, clusters, kind: cause.structure === 'guestData' ? 'data' : 'table' })
  }

  /** Ranges that follow on one another are one; of too many the first give way. */
  private push(part: PathPart): void {
    const last = this.parts.at(-1)
    if (last?.kind === part.kind && last.start + last.clusters === part.start)
      this.parts[this.parts.length - 1] = { ...last, clusters: last.clusters + part.clusters }
    else this.parts.push(part)
    if (this.parts.length > MOST_PARTS) this.parts.shift()
  }
}
