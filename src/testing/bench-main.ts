/** Runs every benchmark below src and prints a table for each. Bundled and called by scripts/bench.mjs. */
import { type Benchmark, measure, standingLines } from './benchmark.ts'

const ROUNDS = 7

const modules = import.meta.glob<{ benchmarks: readonly Benchmark[] }>('../**/*.bench.ts', { eager: true })

/** @param part only benchmarks with this in their names run */
export async function main(part: string): Promise<void> {
  const all = Object.values(modules).flatMap(({ benchmarks }) => benchmarks)
  const chosen = all.filter(({ name }) => name.includes(part))
  if (chosen.length === 0) {
    console.error(`No benchmark has "${part}" in its name. There are: ${all.map(b => b.name).join(', ')}`)
    process.exitCode = 2
  }
  for (const benchmark of chosen) {
    console.log(`\n${benchmark.name} (median of ${ROUNDS} rounds in turns)`)
    const standings = await measure(benchmark, ROUNDS)
    for (const line of standingLines(standings, benchmark.unit)) console.log(line)
    for (const note of benchmark.notes?.() ?? []) console.log(`  ${note}`)
  }
}
