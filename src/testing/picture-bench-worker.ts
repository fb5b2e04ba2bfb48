/** The benchmark of the map's pictures in a browser's worker: e2e/map-picture.measure.ts. */
import { benchmarks } from '../worker/map-picture.bench.ts'
import { measure, standingLines } from './benchmark.ts'

const ROUNDS = 7

for (const benchmark of benchmarks) {
  const lines = standingLines(await measure(benchmark, ROUNDS), benchmark.unit)
  postMessage([benchmark.name, ...lines].join('\n'))
}
postMessage('')
