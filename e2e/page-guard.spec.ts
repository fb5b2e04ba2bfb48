import { expect, test } from '@playwright/test'
import { watchPage } from './support/page-guard.ts'
import { serveSite } from './support/site.ts'

test('the guard over every page notices what it is there for', async ({ page }) => {
  const site = await serveSite()
  const faults = watchPage(page, site.url)
  await page.goto(`${site.url}icon.svg`)
  expect(faults).toEqual([])
  // Port 9 is nobody's: the request is refused before it leaves the machine.
  await page.evaluate(() => fetch('http://127.0.0.1:9/elsewhere').catch(() => undefined))
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error('nobody catches this')
    })
    console.error('something went wrong')
  })
  await expect
    .poll(() => faults)
    .toEqual(
      expect.arrayContaining([
        'The page asked http://127.0.0.1:9/elsewhere, which is not its own server.',
        expect.stringContaining('nobody catches this'),
        'On the console: something went wrong',
      ]),
    )
  await site.close()
})
