import { stat } from 'node:fs/promises'
import { expect, test } from './support/test.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

test('of a sparse file of 64 GiB only the metadata is read', async ({ app, images, page }) => {
  const path = await images.qcow2('sparse.qcow2', '64G', { creation: 'preallocation=metadata' })
  expect((await stat(path)).size).toBeGreaterThan(64 * GIB)
  await app.open()
  await app.openFile(path)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('sparse.qcow2')
  const facts = page.getByText(/disk in a file of/)
  await expect(facts).toContainText('64 GiB disk in a file of 64')
  const read = Number(/· ([\d.]+) MiB read/.exec((await facts.textContent()) ?? '')?.[1]) * MIB
  // 128 L2 tables, 33 refcount blocks, and a MiB for what stands at the start.
  expect(read).toBeGreaterThan((128 + 33) * 65536)
  expect(read).toBeLessThan((128 + 33) * 65536 + 1.1 * MIB)
  await expect(
    app
      .panel('Options')
      .getByRole('listitem')
      .filter({ hasText: /^Active L2/ }),
  ).toContainText('128')
})
