/**
 * What every engine call of a run was for. A run is cut into stretches: an opening, whose calls enter the ranges
 * of an open sequence in its order, or a command, whose calls the driver makes.
 */
import type { Cause } from '../driver/cause.ts'
import type { EngineCall } from '../driver/guard.ts'
import { grown } from '../lib/grow.ts'
import type { TypeMask } from '../lib/metadata-types.ts'
import type { OpenSequence } from '../qcow2/open-sequence.ts'
import { CallTable } from './call-table.ts'

const FIRST_LENGTH = 64

/** Whose calls a stretch of steps is. */
export interface Stretch {
  readonly firstStep: number
  /** The command; undefined for the opening before the first of them. */
  readonly command: CommandName | undefined
  /** The ranges it entered, where the stretch is an opening. */
  readonly sequence: OpenSequence | undefined
}

export interface CommandName {
  /** Counts the commands of a session from 0. */
  readonly index: number
  /** As it was typed. */
  readonly text: string
}

/** One step of an opening. */
export interface OpeningStep {
  readonly kind: 'opening'
  readonly sequence: OpenSequence
  /** The element of the sequence that it entered. */
  readonly entry: number
}

/** One step of a command; offset in bytes. */
export interface CommandStep {
  readonly kind: EngineCall['kind']
  readonly command: CommandName
  readonly offset: number
  readonly clusters: number
  readonly types: TypeMask
  readonly found: TypeMask
  readonly cause: Cause
}

export class StepLog {
  /** Engine calls made. */
  count = 0
  private cause = new Uint32Array(FIRST_LENGTH)
  private memory = new Float64Array(FIRST_LENGTH)
  private readonly stretches: Stretch[] = []
  private readonly calls = new CallTable()

  /** Makes room for so many steps more. */
  reserve(more: number): void {
    const needed = this.count + more
    if (needed <= this.cause.length) return
    const length = Math.max(needed, 2 * this.cause.length)
    this.cause = grown(this.cause, length)
    this.memory = grown(this.memory, length)
  }

  /** The calls that follow are of an opening, or of a command. */
  begin(command: CommandName | undefined, sequence: OpenSequence | undefined): void {
    this.stretches.push({ firstStep: this.count, command, sequence })
  }

  /** @param entry of the stretch's sequence */
  addEntry(entry: number, memUsage: number): void {
    this.cause[this.count] = entry
    this.memory[this.count] = memUsage
    this.count++
  }

  addCall(call: EngineCall, memUsage: number): void {
    this.reserve(1)
    this.cause[this.count] = this.calls.add(call)
    this.memory[this.count] = memUsage
    this.count++
  }

  /** memUsage after each step, bytes. */
  get memUsage(): Float64Array {
    return this.memory.subarray(0, this.count)
  }

  /** @param step 0 to count; the step that is just being made has no call yet, and is told by its stretch alone */
  at(step: number): OpeningStep | CommandStep {
    const { command, sequence } = this.stretchOf(step)
    if (sequence) return { kind: 'opening', sequence, entry: this.cause[step]! }
    return { ...this.calls.at(this.cause[step]!), command: command! }
  }

  /** The stretch in which a step was made. */
  stretchOf(step: number): Stretch {
    let low = 0
    let high = this.stretches.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.stretches[middle]!.firstStep <= step) low = middle
      else high = middle
    }
    return this.stretches[low]!
  }

  /**
   * The last step that entered this element of the last opening's sequence.
   * @returns -1 where it was not entered
   */
  stepOfEntry(sequence: OpenSequence, entry: number): number {
    const at = this.stretches.findLastIndex(stretch => stretch.sequence === sequence)
    if (at < 0) return -1
    const end = this.stretches[at + 1]?.firstStep ?? this.count
    let low = this.stretches[at]!.firstStep
    let high = end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.cause[middle]! < entry) low = middle + 1
      else high = middle
    }
    return low < end && this.cause[low] === entry ? low : -1
  }

  /**
   * The last step of a command, since the list was made, that entered a range with this byte as one of these types;
   * -1 for none.
   */
  lastEntered(offset: number, clusterSize: number, types: TypeMask): number {
    for (let at = this.stretches.length - 1; at >= 0; at--) {
      const stretch = this.stretches[at]!
      // An opening made the list anew: what was entered before is not in it.
      if (stretch.sequence) return -1
      const end = this.stretches[at + 1]?.firstStep ?? this.count
      for (let step = end - 1; step >= stretch.firstStep; step--)
        if (this.calls.enters(this.cause[step]!, offset, clusterSize, types)) return step
    }
    return -1
  }
}
