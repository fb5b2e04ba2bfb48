import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from './support/test.ts'

const folder = fileURLToPath(new URL('../public/samples/', import.meta.url))
const samples: { file: string }[] = JSON.parse(readFileSync(`${folder}index.json`, 'utf8'))

test('every bundled sample opens from a link', async ({ app, page }) => {
  for (const { file } of samples)
    await test.step(file, async () => {
      // From elsewhere, so that each link is a visit of its own.
      await page.goto('about:blank')
      await app.open({ hash: `v=1&sample=${encodeURIComponent(`samples/${file}`)}` })
      await expect(page.getByRole('banner')).toContainText(file)
      await expect(page.getByRole('alert')).toHaveCount(0)
    })
})

test('a dropped sample opens like a chosen one', async ({ app, page }) => {
  await app.open()
  await app.dropFile(`${folder}bitmaps.qcow2.gz`)
  await expect(page.getByRole('banner')).toContainText('bitmaps.qcow2.gz')
  await app.openFile(`${folder}plain.qcow2.gz`)
  await expect(page.getByRole('banner')).toContainText('plain.qcow2.gz')
  await expect(page.getByRole('alert')).toHaveCount(0)
})
