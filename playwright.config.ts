import { defineConfig } from '@playwright/test'
import { isRoot } from './scripts/command.mjs'
import { findBrowser } from './scripts/find-browser.mjs'

/** Chromium must neither call home nor need a graphics card; as root it refuses to sandbox itself. */
const browserFlags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(isRoot() ? ['--no-sandbox'] : []),
]

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/browser',
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // One picture for every machine: what is compared has no letters.
  snapshotPathTemplate: '{testDir}/pictures/{arg}{ext}',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 720 },
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
    // What the page does offline has a test of its own; elsewhere a cache would only hide faults.
    serviceWorkers: 'block',
    // Recording traces doubles the time of every test: `--trace on` when one is wanted.
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: findBrowser(), args: browserFlags },
  },
})
