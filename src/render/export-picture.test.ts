import { expect, test } from 'vitest'
import { cellOf, Guard } from '../lib/cells.ts'
import { Owner } from '../lib/owners.ts'
import { makeScene, readTestToken, testPalette } from '../testing/map-scene.ts'
import { breakLine } from './export-footer.ts'
import { exportSize, type PictureExport, svgExport } from './export-picture.ts'
import { legendEntries } from './legend-entries.ts'
import { drawLayers } from './map-layers.ts'
import { escapeXml, type Pen, SvgPen } from './svg-pen.ts'
import type { Viewport } from './viewport.ts'

/** Letters that are all as wide as half their height. */
class Ruler {
  font = '10px sans'
  measureText(text: string): TextMetrics {
    const size = Number(/([\d.]+)px/.exec(this.font)?.[1])
    return { width: (text.length * size) / 2 } as TextMetrics
  }
}
const ruler = () => new Ruler() as unknown as Pen

const pngOf = async () => 'data:image/png;base64,AAAA'

const VIEW: Viewport = { width: 400, height: 300, scale: 2, x: -5, y: -12 }

function input(viewport: Viewport, cellOfCluster: (cluster: number) => number, windows = 2): PictureExport {
  const scene = makeScene(windows, viewport, cellOfCluster)
  const palette = testPalette()
  const counts = new Float64Array(256)
  for (let cluster = 0; cluster < windows * 4096; cluster++) counts[cellOfCluster(cluster)]!++
  return {
    scene,
    layers: drawLayers(scene, { viewport, ratio: 1 }, palette),
    palette,
    ratio: 1,
    font: 'sans-serif',
    read: readTestToken,
    offsetOf: window => `${window} GiB`,
    footer: {
      legend: legendEntries(palette, counts, 'guarded'),
      caption: [
        '<disk> & "co"',
        'A sentence that is so long that it does not fit into a line of that width.',
      ],
    },
  }
}

const TAG = /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g

/** All that an XML parser would mind here: tags that are not closed in order, and characters that are not escaped. */
function expectWellFormed(text: string): void {
  const plain = text.replace(/<!--.*?-->/gs, '')
  const open: string[] = []
  const closed: string[] = []
  const expected: (string | undefined)[] = []
  for (const [, end, name = '', , empty] of plain.matchAll(TAG)) {
    if (end) {
      closed.push(name)
      expected.push(open.pop())
    } else if (!empty) open.push(name)
  }
  expect(closed).toEqual(expected)
  expect(open).toEqual([])
  expect(plain.replace(TAG, '')).not.toMatch(/[<>]/)
  expect(plain).not.toMatch(/&(?!(?:amp|lt|gt|quot);)/)
}

const lostAt = (lost: number) => (cluster: number) =>
  cluster === lost ? cellOf(Owner.activeL2, Guard.lost) : Owner.guestData

test('the SVG is well-formed, as large as the map and its footer, and says what is said', async () => {
  const given = input(VIEW, lostAt(70))
  const { text, isEmbedded } = await svgExport(ruler(), given, pngOf)
  expectWellFormed(text)
  expect(isEmbedded).toBe(false)
  const { width, height } = exportSize(ruler(), given)
  expect(width).toBe(400)
  expect(height).toBeGreaterThan(300)
  expect(text).toContain(`viewBox="0 0 400 ${height}"`)
  expect(text).toContain('&lt;disk&gt; &amp; &quot;co&quot;')
  expect(text).toContain('>Window 0</text>')
  for (const { text: entry } of given.footer.legend) expect(text).toContain(`>${entry}</text>`)
  // Everything that is said lies within the picture.
  for (const [, y] of text.matchAll(/<text x="[\d.-]+" y="([\d.]+)"/g)) expect(Number(y)).toBeLessThan(height)
})

/** What the SVG draws of unguarded clusters. */
async function shapesOf(cell: (cluster: number) => number) {
  const { text } = await svgExport(ruler(), input(VIEW, cell), pngOf)
  return /<g id="unguarded"[^>]*>(.*?)<\/g>/s.exec(text)?.[1] ?? ''
}

test('a single unguarded cluster is a shape of its own, in the colour of danger', async () => {
  expect(await shapesOf(lostAt(70))).toContain('fill="#cf1f2f"')
  expect((await shapesOf(lostAt(-1))).trim()).toBe('')
})

const noise = (cluster: number) => (((cluster * 2654435761) >>> 8) % 2 === 0 ? Owner.guestData : Owner.free)

test('too many cells for shapes are embedded as a picture, and the SVG says so', async () => {
  const viewport = { width: 1600, height: 1000, scale: 1, x: 0, y: 0 }
  const { text, isEmbedded } = await svgExport(ruler(), input(viewport, noise, 300), pngOf)
  expect(isEmbedded).toBe(true)
  expectWellFormed(text)
  expect(text).toContain('href="data:image/png;base64,AAAA"')
  expect(text).toContain('too many cells for shapes')
})

test('what XML cannot hold is replaced', () => {
  expect(escapeXml('a\u0000b\u001f<&>"\ud800c😀\n')).toBe('a\ufffdb\ufffd&lt;&amp;&gt;&quot;\ufffdc😀\n')
})

const measure = (text: string) => text.length

test('lines break at spaces', () => {
  expect(breakLine('one two three', 7, measure)).toEqual(['one two', 'three'])
  expect(breakLine('unbreakable word', 4, measure)).toEqual(['unbreakable', 'word'])
})

test('a pen writes what a canvas would draw', () => {
  const pen = new SvgPen(ruler())
  pen.font = '600 12px "Noto Sans"'
  pen.fillStyle = 'rgb(1 2 3)'
  pen.textAlign = 'right'
  pen.fillText('a<b', 10, 20)
  pen.setLineDash([4, 3])
  pen.strokeStyle = '#cf1f2f'
  pen.beginPath()
  pen.moveTo(1, 2)
  pen.lineTo(3.456, 4)
  pen.stroke()
  expect(pen.toString().split('\n')).toEqual([
    '<text x="10" y="20" font-size="12" font-weight="600" font-family="&quot;Noto Sans&quot;" text-anchor="end" fill="rgb(1,2,3)">a&lt;b</text>',
    '<path d="M1 2L3.46 4" fill="none" stroke="#cf1f2f" stroke-width="1" stroke-dasharray="4 3"/>',
  ])
})
