/** For what is measured in a browser, and is no test: e2e/*.measure.ts. */
import base from '../playwright.config.ts'

export default {
  ...base,
  testDir: '../e2e',
  testMatch: '**/*.measure.ts',
  outputDir: '../test-results/measure',
  reporter: 'list',
  workers: 1,
}
