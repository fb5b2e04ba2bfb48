import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import type { App } from './support/app.ts'
import { expectAccessible } from './support/axe.ts'
import { expect, test } from './support/test.ts'

/** Chooses an entry of the map's menu. @returns the file it saves, and its name */
async function save(app: App, entry: string): Promise<{ content: Buffer; name: string }> {
  await app.panel('Cluster map').getByRole('button', { name: 'Save as' }).click()
  const download = app.page.waitForEvent('download')
  await app.page.getByRole('menuitem', { name: entry }).click()
  const file = await download
  return { content: await readFile(await file.path()), name: file.suggestedFilename() }
}

const stageSize = (page: Page) =>
  page
    .getByRole('application', { name: 'Cluster map' })
    .evaluate(({ clientWidth, clientHeight }) => ({ width: clientWidth, height: clientHeight }))

/** Records of RFC 4180. */
function parseCsv(text: string): string[][] {
  const records: string[][] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  let record: string[] = []
  for (let found = field.exec(text); found; found = field.exec(text)) {
    record.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === ',') continue
    records.push(record)
    record = []
    if (field.lastIndex === text.length) return records
  }
  throw new Error(`no CSV from here on: ${text.slice(field.lastIndex, field.lastIndex + 80)}`)
}

test('the picture is the map at twice its size, with legend and caption below', async ({ app, page }) => {
  await app.open()
  const { width, height } = await stageSize(page)
  const { content, name } = await save(app, 'Picture, PNG (2x)')
  expect(name).toBe('The-event-of-the-patch.map.png')
  expect(content.subarray(1, 4).toString()).toBe('PNG')
  expect(content.readUInt32BE(16)).toBe(2 * width)
  const below = content.readUInt32BE(20) - 2 * height
  expect(below).toBeGreaterThan(120)
  expect(below).toBeLessThan(400)
})

test('as shapes it looks the same, and is text that can be read', async ({ app, page }) => {
  await app.open()
  const png = await save(app, 'Picture, PNG (2x)')
  const svg = await save(app, 'Picture, SVG')
  expect(svg.name).toBe('The-event-of-the-patch.map.svg')
  const { width } = await stageSize(page)
  const seen = await page.evaluate(
    async ([shapes, pixels]) => {
      const parsed = new DOMParser().parseFromString(shapes, 'image/svg+xml')
      const pixelsOf = async (source: string) => {
        const image = new Image()
        image.src = source
        await image.decode()
        const canvas = document.createElement('canvas')
        canvas.width = Number(parsed.documentElement.getAttribute('width')) * 2
        canvas.height = Number(parsed.documentElement.getAttribute('height')) * 2
        const context = canvas.getContext('2d')!
        context.drawImage(image, 0, 0, canvas.width, canvas.height)
        return context.getImageData(0, 0, canvas.width, canvas.height).data
      }
      const one = await pixelsOf(`data:image/svg+xml;base64,${btoa(unescape(encodeURIComponent(shapes)))}`)
      const other = await pixelsOf(`data:image/png;base64,${pixels}`)
      let differing = 0
      for (let i = 0; i < one.length; i += 4)
        if ([0, 1, 2].some(channel => Math.abs(one[i + channel]! - other[i + channel]!) > 40)) differing++
      return {
        error: parsed.querySelector('parsererror')?.textContent,
        width: parsed.documentElement.getAttribute('width'),
        texts: Array.from(parsed.querySelectorAll('text'), text => text.textContent),
        groups: Array.from(parsed.querySelectorAll('g'), group => group.id),
        images: parsed.querySelectorAll('image').length,
        share: differing / (one.length / 4),
      }
    },
    [svg.content.toString('utf8'), png.content.toString('base64')] as const,
  )
  expect(seen.error).toBeUndefined()
  expect(seen.width).toBe(String(width))
  expect(seen.groups).toEqual(['cells', 'frames', 'unguarded'])
  expect(seen.images).toBe(0)
  expect(seen.texts).toEqual(
    expect.arrayContaining([
      'Window 0',
      'lost or refused',
      expect.stringMatching(/^L2 active L2 \d+$/),
      'The event of the patch',
    ]),
  )
  const words = seen.texts.join(' ')
  expect(words).toContain('total-size-limit=4380')
  expect(words).toContain('10 metadata clusters of checked types: 0 guarded, 10 unguarded.')
  expect(words).toContain('Seen: all of 4 windows of 4\u202f096 clusters.')
  // Letters are smoothed differently; nothing else may differ.
  expect(seen.share).toBeLessThan(0.01)
})

test('a part of a large map says which part it is', async ({ app, page }) => {
  await app.open()
  await app.panel('Cluster map').getByRole('combobox', { name: 'Find' }).fill('cluster 12400')
  await page.keyboard.press('Enter')
  await app.idle()
  const { content } = await save(app, 'Picture, SVG')
  expect(content.toString('utf8')).toMatch(/Seen: (a part of )?windows? .* of 4 windows/)
})

test('the structures are the same rows as JSON and as CSV', async ({ app }) => {
  await app.open()
  const json = await save(app, 'Structures, JSON')
  const csv = await save(app, 'Structures, CSV')
  expect([json.name, csv.name]).toEqual([
    'The-event-of-the-patch.structures.json',
    'The-event-of-the-patch.structures.csv',
  ])
  const { structures, ...rest } = JSON.parse(json.content.toString('utf8')) as {
    structures: Record<string, string | number | boolean>[]
  }
  expect(rest).toMatchObject({ engine: 'v6', 'total-size-limit': 4380, outcome: 'guarded' })
  const [head, ...records] = parseCsv(csv.content.toString('utf8'))
  const asText = structures.map(structure => head!.map(column => String(structure[column] ?? '')))
  expect(records).toEqual(asText)
  const lost = structures.filter(({ guard }) => guard === 'not recorded')
  expect(lost).toMatchObject([{ type: 'inactive L1 table', 'unguarded-clusters': 1, refcount: 1 }])
  // Three L2 tables are the snapshot's, too: rows of their own, but the same clusters.
  const lockedOut = structures.filter(({ guard }) => guard === 'locked out')
  expect(lockedOut).toHaveLength(12)
  expect(new Set(lockedOut.map(({ offset }) => offset)).size).toBe(9)
})

test('the menu is worked by key, and its entries are commands', async ({ app, page }) => {
  await app.open()
  const button = app.panel('Cluster map').getByRole('button', { name: 'Save as' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem')).toHaveText([
    'Picture, PNG (2x)',
    'Picture, SVG',
    'Structures, JSON',
    'Structures, CSV',
  ])
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menuitem')).toHaveCount(0)
  await page.keyboard.press('Control+k')
  const download = page.waitForEvent('download')
  await page.keyboard.type('structures as csv')
  await page.keyboard.press('Enter')
  expect((await download).suggestedFilename()).toBe('The-event-of-the-patch.structures.csv')
})
