import { expectAccessible } from './support/axe.ts'
import { expect, test } from './support/test.ts'

test('mainline’s own check is chosen, refuses as the list does, and shows what it costs', async ({
  app,
  page,
}) => {
  await app.open({ hash: 'v=1&scenario=allocator-hands-out-metadata' })
  const options = app.panel('Options')
  const budget = app.panel('Memory budget')
  await options.getByText('mainline', { exact: true }).click()
  await app.idle()
  await expect(page).toHaveURL(/engine=mainline/)
  await expect(options.getByRole('textbox', { name: 'Bitmap size' })).toBeDisabled()
  await expect(options.getByRole('textbox', { name: 'Limit' })).toBeDisabled()
  await expect(options).toContainText('No list, so no size and no limit')
  await expect(budget).toContainText('makes no list and takes no memory')
  await expect(budget.getByRole('slider')).toHaveCount(0)
  // A check that records nothing has nothing that is not recorded.
  await expect(app.panel('Cluster map').getByRole('list', { name: 'Legend' })).not.toContainText(
    'not recorded',
  )
  const [last, total] = await budget.getByRole('row', { name: 'Comparisons' }).getByRole('cell').all()
  // It stops at the third entry of the L1 table, after three structures.
  await expect(last!).toHaveText('6')
  await expect(total!).toHaveText(/^[1-9]/)
  await expect(app.panel('Event log').getByRole('treeitem')).toContainText('overlaps with active L2 table')
  await expectAccessible(page, '[aria-label="Memory budget"]')
  await expectAccessible(page, '[aria-label="Options"]')

  await page.keyboard.press('q')
  const dialog = page.getByRole('dialog', { name: 'As QEMU options' })
  await expect(dialog).toContainText('overlap-check=cached')
  await expect(dialog).not.toContainText('overlap-structures')
  await page.keyboard.press('Escape')
  await options.getByText('v6', { exact: true }).click()
  await app.idle()
  await expect(budget.getByRole('slider')).toBeVisible()
})
