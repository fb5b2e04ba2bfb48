import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccessible } from './support/axe.ts'
import type { App } from './support/app.ts'
import { expect, test } from './support/test.ts'

async function give(app: App, ...lines: readonly string[]): Promise<void> {
  const field = app.panel('Commands').getByRole('textbox', { name: 'Command' })
  for (const line of lines) {
    await field.fill(line)
    await field.press('Enter')
    await app.idle()
  }
}

const transcript = (app: App) => app.panel('Commands').getByRole('log')

test('a write changes the map, reads back, and comes again with the arrow keys', async ({ app, page }) => {
  await app.open({ hash: 'v=1&scenario=fits-comfortably' })
  await expectAccessible(page, '[data-panel="commands"]')
  await page.keyboard.press('c')
  await page.keyboard.type('wr')
  await page.keyboard.press('Tab')
  const field = app.panel('Commands').getByRole('textbox', { name: 'Command' })
  await expect(field).toHaveValue('write ')
  await page.keyboard.type('-P 0x11 63G 64k')
  await page.keyboard.press('Enter')
  await app.idle()
  await expect(transcript(app)).toContainText('wrote 65536/65536 bytes at offset 67645734912')
  await give(app, 'read -P 0x11 63G 64k', 'read -P 0x12 63G 64k')
  await expect(transcript(app)).toContainText(
    'Pattern verification failed at offset 67645734912, 65536 bytes',
  )
  await field.press('ArrowUp')
  await field.press('ArrowUp')
  await expect(field).toHaveValue('read -P 0x11 63G 64k')
  await field.press('ArrowDown')
  await field.press('ArrowDown')
  await expect(field).toHaveValue('')
  await expectAccessible(page, '[data-panel="commands"]')
})

test('a wrong line says what is accepted, and Tab leaves a field with nothing to complete', async ({
  app,
  page,
}) => {
  await app.open()
  await give(app, 'write 0')
  await expect(transcript(app)).toContainText('Accepted: write')
  const field = app.panel('Commands').getByRole('textbox', { name: 'Command' })
  await field.focus()
  await page.keyboard.press('Tab')
  await expect(field).not.toBeFocused()
})

test('a refused write is told, located and explained, and repaired', async ({ app, page }) => {
  await app.open({ hash: 'v=1&scenario=iotest-060-bitmap-but-no-fragments' })
  const commands = app.panel('Commands')
  // The scenario's own commands.
  await expect(transcript(app)).toContainText('read 65536/65536 bytes at offset 0')
  await give(app, 'reopen', 'poke 0x20008 0000', 'reopen', 'write -P 2 64k 64k', 'read 0 64k')
  await expect(transcript(app)).toContainText('write failed: Input/output error')
  await expect(transcript(app)).toContainText('read failed: No medium found')
  const log = app.panel('Event log')
  const row = log.getByRole('treeitem').filter({ hasText: 'BLOCK_IMAGE_CORRUPTED' })
  await expect(row).toContainText('"offset": 262144, "size": 65536, "fatal": true')
  await row.click()
  await app.idle()
  await expect(log.locator('.log-why')).toContainText(
    '“write -P 2 64k 64k”: the check before writing guest data',
  )
  await expect(app.panel('Inspector')).toContainText('active L2 table')
  await expect(commands.getByText('Given up: “No medium found”')).toBeVisible()
  await expectAccessible(page)
  await commands.getByRole('button', { name: 'Repair' }).click()
  await app.idle()
  await expect(transcript(app)).toContainText('No errors were found on the image.')
  await expect(commands.getByRole('button', { name: 'Repair' })).toBeHidden()
})

test('a changed option shows what the same commands would have done', async ({ app, page }) => {
  await app.open({ hash: 'v=1&scenario=allocator-hands-out-metadata' })
  await expect(transcript(app)).toContainText('write failed: Input/output error')
  await page.getByRole('heading', { name: 'Commands' }).click()
  await page.keyboard.press('1')
  await app.idle()
  await expect(transcript(app)).not.toContainText('write failed')
  await expect(transcript(app)).toContainText('1 missed overlap')
  const log = app.panel('Event log')
  await expect(log.getByRole('treeitem')).toContainText('Missed overlap: host cluster 5, active L2 table')
  await expect(log.locator('.log-total')).toHaveText('0 events, 1 missed overlap, 1 row')
  await expectAccessible(page)
  await app.panel('Commands').getByRole('button', { name: 'Take the last command back' }).click()
  await app.idle()
  await expect(transcript(app)).not.toContainText('1 missed overlap')
  await expect(transcript(app)).toContainText('wrote 65536/65536 bytes at offset 1073741824')
})

test('a pasted script runs line by line, and a long one can be stopped', async ({ app, page }) => {
  await app.open({ hash: 'v=1&scenario=fits-comfortably' })
  const field = app.panel('Commands').getByRole('textbox', { name: 'Command' })
  const paste = (text: string) =>
    field.evaluate((element, pasted) => {
      const data = new DataTransfer()
      data.setData('text', pasted)
      element.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      )
    }, text)
  await paste(
    '# two lines of an iotest\n$QEMU_IO -c "write -P 7 32G 64k" -c "read -P 7 32G 64k" "$TEST_IMG"\nnonsense\n',
  )
  await app.idle()
  await expect(transcript(app)).toContainText('read 65536/65536 bytes at offset 34359738368')
  await expect(transcript(app)).toContainText('nonsense')
  await paste(Array.from({ length: 50_000 }, (_, i) => `write ${(i * 7919) % 1_000_000}k 4k`).join('\n'))
  // Not a pointer's click, which would wait for a page that is busy to stand still.
  await page.getByRole('button', { name: 'Stop' }).dispatchEvent('click')
  await app.idle()
  await give(app, 'read 0 4k')
  await expect(transcript(app)).toContainText('read 4096/4096 bytes at offset 0')
})

for (const [what, open] of [
  ['a file', 'file'],
  ['a synthetic image', 'recipe'],
] as const)
  test(`the download of ${what} is the image that real QEMU would have`, async ({ app, images, page }) => {
    // A picker of the system's own cannot be driven; without one the page downloads.
    await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
    if (open === 'file') {
      const path = await images.qcow2('disk.qcow2', '64M', { commands: ['write -P 9 1M 1M'] })
      await app.open()
      await app.openFile(path)
    } else await app.open({ hash: 'v=1&scenario=iotest-060-too-small-to-enter' })
    await give(app, 'write -P 0x11 64k 64k', 'snapshot -c one', 'write -P 0x22 64k 64k')
    const downloading = page.waitForEvent('download')
    await app.panel('Commands').getByRole('button', { name: 'Download image' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toMatch(/\.qcow2$/)
    const saved = await download.path()
    expect(await images.qemuImg('check', '-f', 'qcow2', saved)).toContain('No errors were found')
    expect(await images.qemuImg('snapshot', '-l', saved)).toContain('one')
    await images.qemuImg('convert', '-f', 'qcow2', '-O', 'raw', saved, 'disk.raw')
    const raw = await readFile(join(images.folder, 'disk.raw'))
    expect(raw.subarray(65536, 131072).every(byte => byte === 0x22)).toBe(true)
    if (open === 'file') expect(raw.subarray(2 ** 20, 2 ** 21).every(byte => byte === 9)).toBe(true)
  })

test('examples run with a click', async ({ app }) => {
  await app.open()
  await app.panel('Commands').getByRole('button', { name: 'write -P 0x11 64k 64k' }).click()
  await app.idle()
  await expect(transcript(app)).toContainText('wrote 65536/65536 bytes at offset 65536')
})

test('a workload runs with its count and seed, and a trace from a file, whose wrong lines are told', async ({
  app,
  images,
  page,
}) => {
  await app.open({ hash: 'v=1&scenario=fits-comfortably' })
  const commands = app.panel('Commands')
  await commands.getByRole('button', { name: 'Run a workload' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run a workload' })
  await dialog.getByRole('radio', { name: 'boot' }).check()
  await dialog.getByRole('textbox', { name: 'Writes' }).fill('many')
  await expect(dialog.getByRole('alert')).toContainText("'many' is no count of writes")
  await expect(dialog.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
  await expectAccessible(page, '[role="dialog"]')
  await dialog.getByRole('textbox', { name: 'Writes' }).fill('40')
  await dialog.getByRole('textbox', { name: 'Seed' }).fill('7')
  await dialog.getByRole('textbox', { name: 'Seed' }).press('Enter')
  await expect(dialog).toBeHidden()
  await app.idle()
  await expect(transcript(app).getByText(/^write -P \d+ \d+ \d+$/)).toHaveCount(40)
  await expect(transcript(app).getByText('flush', { exact: true }).first()).toBeVisible()
  // Nothing of the panel's tools is cut off.
  await expect(commands.getByRole('button', { name: 'Download image' })).toBeInViewport({ ratio: 1 })

  const trace = join(images.folder, 'disk.blkparse')
  const event = '  8,0    3        1     0.000000829   697  Q'
  await writeFile(trace, `${event}  WS 2048 + 8 [fio]\n8,0 garbled\n${event}   R 2048 + 8 [fio]\n`)
  const choosing = page.waitForEvent('filechooser')
  await commands.getByRole('button', { name: 'Run a script or trace' }).click()
  await (await choosing).setFiles(trace)
  await expect(transcript(app)).toContainText('read 4096/4096 bytes at offset 1048576')
  await expect(transcript(app)).toContainText('Line 2 is skipped: this is no event of blkparse’s')

  // A long one, stopped; not by a pointer's click, which would wait for a page that is busy to stand still.
  await commands.getByRole('button', { name: 'Run a workload' }).click()
  await dialog.getByRole('textbox', { name: 'Writes' }).fill('30000')
  await dialog.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('button', { name: 'Stop' }).dispatchEvent('click')
  await app.idle()
  await expect(commands.getByRole('progressbar')).toBeHidden()
})
