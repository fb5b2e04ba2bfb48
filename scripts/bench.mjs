/**
 * `npm run bench [-- PART-OF-A-NAME]`: every file below src named *.bench.ts, each of which exports `benchmarks`
 * (src/testing/benchmark.ts). `npm run bench -- page` measures what only a browser can tell: e2e/*.measure.ts, over
 * the page as it was built last.
 */
import { bundle } from './bundle.mjs'
import { runTool } from './command.mjs'
import { installPackages } from './install.mjs'
import { requireNode } from './node-version.mjs'

requireNode()
await installPackages()
if (process.argv[2] === 'page') {
  const args = ['test', '--config', 'scripts/measure.config.ts']
  process.exitCode = (await runTool('@playwright/test/cli.js', args)) ? 0 : 1
} else {
  const { main } = await import(await bundle('bench', 'src/testing/bench-main.ts'))
  await main(process.argv[2] ?? '')
}
