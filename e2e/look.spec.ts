/**
 * The look of the map, as pictures that were looked at: `npx playwright test e2e/look.spec.ts --update-snapshots` takes
 * them anew. They are of the map's own pixels, at a size of their own, so that neither the page around it nor, with
 * little room for letters, a machine's fonts have a part in it.
 */
import type { Page } from '@playwright/test'
import type { App } from './support/app.ts'
import { recipeHash } from './support/recipe.ts'
import { expect, test } from './support/test.ts'

const HALF_A_SNAPSHOT = recipeHash('look', {
  virtualSize: '64G',
  fill: { pattern: 'random', share: 0.3 },
  snapshots: [{ name: 'half', at: 0.5 }],
  seed: 7,
})

/** Room for a caption in other letters, and for the little by which browsers differ in rounding. */
const LIKE = { maxDiffPixelRatio: 0.01 }

async function pictureOf(app: App, page: Page): Promise<Buffer> {
  await page.addStyleTag({
    content:
      '.map-stage { position: fixed; top: 0; left: 0; width: 640px; height: 360px; inset: 0 auto auto 0 }',
  })
  await page.keyboard.press('0')
  await app.idle()
  const url = await page.evaluate(() =>
    document.querySelector<HTMLCanvasElement>('.map-stage canvas')!.toDataURL('image/png'),
  )
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 720 } })

    test('64 GiB under a limit that holds a part of it', async ({ app, page }) => {
      await app.open({ hash: `${HALF_A_SNAPSHOT}&check=all&bitmap-size=8192&limit=6600&engine=v6` })
      expect(await pictureOf(app, page)).toMatchSnapshot(`64-gib-${colorScheme}.png`, LIKE)
    })

    test('cells close up, in the layer of problems, of a damaged image', async ({ app, page }) => {
      await app.open({ hash: 'v=1&sample=samples/damaged.qcow2.gz' })
      await page.getByRole('radio', { name: 'Problem' }).check({ force: true })
      await app.idle()
      expect(await pictureOf(app, page)).toMatchSnapshot(`damaged-${colorScheme}.png`, LIKE)
    })
  })
