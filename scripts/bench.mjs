/**
 * `npm run bench [-- PART-OF-A-NAME]`: every file below src named *.bench.ts, each of which exports `benchmarks`
 * (src/testing/benchmark.ts).
 */
import { bundle } from './bundle.mjs'
import { installPackages } from './install.mjs'
import { requireNode } from './node-version.mjs'

requireNode()
await installPackages()
const { main } = await import(await bundle('bench', 'src/testing/bench-main.ts'))
await main(process.argv[2] ?? '')
