/**
 * Playwright's `test` with what the page's tests need: `app` (the page, not yet opened), `images`
 * (a maker of images), and a guard over every page that fails the test for requests to elsewhere,
 * uncaught exceptions and errors on the console.
 */
import { test as base, expect } from '@playwright/test'
import { App } from './app.ts'
import { ImageMaker } from './images.ts'
import { watchPage } from './page-guard.ts'
import { type Site, serveSite } from './site.ts'

interface Fixtures {
  app: App
  images: ImageMaker
  /** Faults that the test means to provoke; any other still fails it. */
  expectedFaults: RegExp[]
  guard: undefined
}

export const test = base.extend<Fixtures, { site: Site }>({
  site: [
    async ({}, use) => {
      const site = await serveSite()
      await use(site)
      await site.close()
    },
    { scope: 'worker' },
  ],
  app: async ({ page, site }, use) => use(new App(page, site.url)),
  images: async ({}, use) => {
    const images = await ImageMaker.create()
    await use(images)
    await images.remove()
  },
  expectedFaults: [[], { option: true }],
  guard: [
    async ({ page, site, expectedFaults }, use) => {
      const faults = watchPage(page, site.url)
      await use(undefined)
      expect(faults.filter(fault => !expectedFaults.some(expected => expected.test(fault)))).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
