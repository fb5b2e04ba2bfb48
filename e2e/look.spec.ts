/**
 * The look of the map, as pictures that were looked at: `npx playwright test e2e/look.spec.ts --update-snapshots` takes
 * them anew. Only cells and frames are compared: letters look otherwise on another machine's fonts, so no view is so
 * close that there are any.
 */
import type { Page } from '@playwright/test'
import { expect, test } from './support/test.ts'

const recipe = (fields: object) =>
  `v=1&name=look&recipe=${encodeURIComponent(
    JSON.stringify({
      format: 'overlapscope-recipe',
      recipeVersion: 1,
      virtualSize: '64G',
      clusterSize: '64k',
      version: 3,
      refcountBits: 16,
      fill: { pattern: 'random', share: 0.3 },
      snapshots: [{ name: 'half', at: 0.5 }],
      preallocation: 'off',
      seed: 7,
      ...fields,
    }),
  )}`

/** Room for the little by which browsers differ in rounding. */
const LIKE = { maxDiffPixelRatio: 0.01 }

const map = (page: Page) => page.locator('.map-stage canvas').first()

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 720 } })

    test('64 GiB under a limit that holds a part of it', async ({ app, page }) => {
      await app.open({ hash: `${recipe({})}&check=all&bitmap-size=8192&limit=14000&engine=v6` })
      await expect(map(page)).toHaveScreenshot(`64-gib-${colorScheme}.png`, LIKE)
    })

    test('cells close up, in the layer of problems, of a damaged image', async ({ app, page }) => {
      await app.open({ hash: 'v=1&sample=damaged' })
      await page.getByRole('radio', { name: 'Problem' }).check({ force: true })
      await app.idle()
      await expect(map(page)).toHaveScreenshot(`damaged-${colorScheme}.png`, LIKE)
    })
  })
