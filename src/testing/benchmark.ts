/**
 * Benchmarks that say ratios. Machines differ, and one machine differs from minute to minute, so the
 * contestants of a benchmark run in turns, round by round, and what counts is each one's median time
 * against the first one's in the same run.
 */

export interface Benchmark {
  readonly name: string
  /** What one unit of work is, as in "ns per call". */
  readonly unit: string
  /** The first is the yardstick that the others are compared with. */
  readonly contestants: readonly Contestant[]
  /** Figures besides times, a line each; asked for when all rounds are run. */
  readonly notes?: () => readonly string[]
}

export interface Contestant {
  readonly name: string
  /** Prepares what is not to be timed; called before every round. */
  readonly prepare?: () => void | Promise<void>
  /** The work to be timed. @returns how many units of work it did */
  readonly run: () => number | Promise<number>
}

export interface Standing {
  readonly name: string
  /** Median over the rounds, in nanoseconds. */
  readonly nsPerUnit: number
  /** Slowest round against fastest, to tell how far the figure can be trusted. */
  readonly spread: number
  /** Median over the rounds of this contestant's time against the yardstick's in the same round. */
  readonly ratio: number
}

/**
 * Runs a benchmark: one round to warm up, then `rounds` that count.
 * @param now a clock in milliseconds
 */
export async function measure(
  { contestants }: Benchmark,
  rounds: number,
  now: () => number = () => performance.now(),
): Promise<Standing[]> {
  const times = contestants.map((): number[] => [])
  for (let round = -1; round < rounds; round++)
    for (const [index, { prepare, run }] of contestants.entries()) {
      await prepare?.()
      const started = now()
      const units = await run()
      if (round >= 0) times[index]?.push(((now() - started) * 1e6) / units)
    }
  const yardstick = times[0] ?? []
  return contestants.map(({ name }, index) => {
    const own = times[index] ?? []
    return {
      name,
      nsPerUnit: median(own),
      spread: Math.max(...own) / Math.min(...own),
      ratio: median(own.map((time, round) => time / (yardstick[round] ?? Number.NaN))),
    }
  })
}

/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** A line of figures for each, to be printed. */
export const standingLines = (standings: readonly Standing[], unit: string): string[] =>
  standings.map(
    ({ name, nsPerUnit, spread, ratio }) =>
      `  ${name.padEnd(36)} ${nsPerUnit.toFixed(1).padStart(12)} ns per ${unit}` +
      `   x ${ratio.toFixed(2)}   spread ${spread.toFixed(2)}`,
  )
