/**
 * `npm test`: installs what is missing, then lint, types, unit tests, the build, and the browser over
 * the built page. Every step runs even if one before it failed, but for what it builds on. The last line
 * adds vitest's and Playwright's counts, and one failure for every step that failed without counting any.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { buildPage } from './build-page.mjs'
import { root, runTool } from './command.mjs'
import { installPackages } from './install.mjs'
import { requireNode } from './node-version.mjs'

requireNode()
await installPackages()
// Only now: it imports packages.
const { provideBrowser, provideQemu } = await import('./test-tools.mjs')

const results = `${root}/test-results`
rmSync(results, { recursive: true, force: true })
mkdirSync(results)

const total = { passed: 0, failed: 0, skipped: 0 }

/**
 * @param {string} title
 * @param {() => Promise<boolean>} work
 * @param {() => typeof total} [readCounts] what the step counted; throws if it counted nothing
 * @returns {Promise<boolean>} whether it passed
 */
async function step(title, work, readCounts) {
  console.log(`\n== ${title}`)
  const started = performance.now()
  const passed = await work()
  console.log(
    `== ${title}: ${passed ? 'ok' : 'FAILED'}, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  )
  const counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    if (readCounts) Object.assign(counts, readCounts())
  } catch (error) {
    console.error(`${title} left no readable result: ${error}`)
    counts.failed = 1
  }
  if (!passed && counts.failed === 0) counts.failed = 1
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
  return passed && counts.failed === 0
}

/** @param {string} name */
const readJson = name => JSON.parse(readFileSync(`${results}/${name}`, 'utf8'))

const unitCounts = () => {
  const report = readJson('vitest.json')
  const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests } = report
  // A test file that cannot even be loaded fails as a suite without a test.
  const brokenFiles = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  return { passed, failed: numFailedTests + brokenFiles, skipped: numPendingTests + numTodoTests }
}

const browserCounts = () => {
  const { stats } = readJson('playwright.json')
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
}

/** @param {string} project */
const typecheck = project => () => runTool('typescript/bin/tsc', ['-p', project])

await step('oxlint', () => runTool('oxlint/bin/oxlint', ['--deny-warnings']))
await step('biome', () => runTool('@biomejs/biome/bin/biome', ['check', '.']))
await step('types of the core', typecheck('tsconfig.core.json'))
await step('types of the page', typecheck('tsconfig.json'))
await step('types of tests and scripts', typecheck('tsconfig.node.json'))
if (await step('qemu-img and qemu-io', provideQemu))
  await step(
    'unit tests',
    () =>
      runTool('vitest/vitest.mjs', [
        'run',
        '--reporter=default',
        '--reporter=json',
        '--outputFile.json=test-results/vitest.json',
      ]),
    unitCounts,
  )
const built = await step('build', buildPage)
if (built && (await step('a browser', provideBrowser)))
  await step('browser tests', () => runTool('@playwright/test/cli.js', ['test']), browserCounts)

console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
