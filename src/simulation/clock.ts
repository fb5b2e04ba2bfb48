/** Simulated time: events carry timestamps, and the same run gives the same ones. */
import type { Timestamp } from '../overlap/qmp-event.ts'

const MICROSECONDS = 1_000_000n

/** The time so many engine calls after the start; each takes a microsecond. */
export function timeAfter(start: Timestamp, steps: number): Timestamp {
  const total = start.seconds * MICROSECONDS + BigInt(start.microseconds) + BigInt(steps)
  return { seconds: total / MICROSECONDS, microseconds: Number(total % MICROSECONDS) }
}

/** @param milliseconds since 1970, as Date.now() gives them */
export const timestampOf = (milliseconds: number): Timestamp => ({
  seconds: BigInt(Math.floor(milliseconds / 1000)),
  microseconds: (Math.floor(milliseconds) % 1000) * 1000,
})
