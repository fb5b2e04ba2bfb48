/** Images that the original QEMU was run over: dropped here, under the same options, they send the same events. */
import { readFile } from 'node:fs/promises'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from './support/test.ts'

interface Case {
  readonly image: string
  readonly options: {
    readonly 'overlap-check'?: unknown
    readonly 'overlap-structures'?: { readonly 'bitmap-size'?: number; readonly 'total-size-limit'?: number }
  }
  readonly commands: readonly unknown[]
  readonly expected: readonly { readonly type: string; readonly event?: string; readonly data?: unknown }[]
}

const folder = fileURLToPath(new URL('../src/testing/golden/qemu/', import.meta.url))
const LIMIT_REACHED = 'QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED'

const cases = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map(name => ({ name, ...(JSON.parse(readFileSync(folder + name, 'utf8')) as Case) }))
  // Only the opening, under options of a template, and with something to compare.
  .filter(
    ({ commands, options }) => commands.length === 0 && typeof (options['overlap-check'] ?? '') === 'string',
  )
  .map(each => ({ ...each, events: each.expected.filter(({ event }) => event === LIMIT_REACHED) }))
  .filter(({ events }) => events.length > 0)

test('there are golden cases to compare with', () => {
  expect(cases.length).toBeGreaterThanOrEqual(5)
})

for (const { name, image, options, events } of cases.slice(0, 8)) {
  test(`${image} sends the events of ${name}`, async ({ app, page }) => {
    const { 'bitmap-size': bitmapSize = 65536, 'total-size-limit': limit } =
      options['overlap-structures'] ?? {}
    await app.open()
    await app.dropFile(folder + image)
    await expect(page.getByRole('banner')).toContainText(image)
    const panel = app.panel('Options')
    const fill = async (field: string, text: string) => {
      await panel.getByRole('textbox', { name: field }).fill(text)
      await panel.getByRole('textbox', { name: field }).press('Enter')
    }
    const template = (options['overlap-check'] as string | undefined) ?? 'cached'
    await panel.getByText(template, { exact: true }).click()
    await fill('Device', 'drv0')
    await fill('Bitmap size', String(bitmapSize))
    await fill('Limit', limit === undefined ? 'unlimited' : String(limit))
    await app.idle()

    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    const text = await readFile(await (await downloading).path(), 'utf8')
    const sent = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(sent.map(({ event, data }) => ({ event, data }))).toEqual(
      events.map(({ event, data }) => ({ event, data })),
    )
    // The rows on the page are the same, folded.
    await expect(app.panel('Event log').locator('.log-total')).toHaveText(
      new RegExp(`^${events.length} events?, \\d+ rows?$`),
    )
    const rows = await app.panel('Event log').getByRole('treeitem').locator('.log-json').allTextContents()
    expect(text).toContain(rows[0])
  })
}
