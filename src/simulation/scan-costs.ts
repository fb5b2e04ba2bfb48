/** Adds up what mainline's check costs: in all, and in the last command. */
import type { ScanCost } from '../driver/mainline-check.ts'
import type { ScanFigures } from './report.ts'

const NONE: ScanFigures = { checks: 0, comparisons: 0, diskReads: 0, bytesRead: 0 }

export class ScanCosts {
  total = NONE
  last = NONE

  /** A line of commands begins: what the checks of the one before cost is forgotten. */
  beginCommand(): void {
    this.last = NONE
  }

  /** A check was made. */
  add(cost: ScanCost): void {
    this.total = sum(this.total, cost)
    this.last = sum(this.last, cost)
  }
}

const sum = (figures: ScanFigures, cost: ScanCost): ScanFigures => ({
  checks: figures.checks + 1,
  comparisons: figures.comparisons + cost.comparisons,
  diskReads: figures.diskReads + cost.diskReads,
  bytesRead: figures.bytesRead + cost.bytesRead,
})
