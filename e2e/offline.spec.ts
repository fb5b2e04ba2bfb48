import { expect, test } from '@playwright/test'
import { App } from './support/app.ts'
import { type Site, serveSite } from './support/site.ts'

test.use({ serviceWorkers: 'allow' })

// Not the fixtures' site, because it goes away in the middle of a test.
let site: Site
test.beforeEach(async () => {
  site = await serveSite()
})
test.afterEach(() => site.close())

test('after its first visit the page works without its server, from any sub-path', async ({ page }) => {
  const app = new App(page, site.url)
  await app.open()
  await page.evaluate(() => navigator.serviceWorker.ready)
  await site.close()
  await expect(fetch(site.url)).rejects.toThrow()
  await page.reload()
  await app.idle()
  await expect(page.locator('#root')).not.toBeEmpty()
  expect(await page.evaluate(async () => (await fetch('./samples/index.json')).status)).toBe(200)
})

test('with a network the page comes from its server, so that a newer build is seen at once', async ({
  page,
}) => {
  const app = new App(page, site.url)
  await app.open()
  await page.evaluate(() => navigator.serviceWorker.ready)
  // A page of its own at the same address tells the server's answer from the cache's.
  await page
    .context()
    .route(site.url + '*', route => route.fulfill({ contentType: 'text/html', body: 'newer' }))
  await page.reload()
  await expect(page.locator('body')).toHaveText('newer')
})
