/** Legend and caption below an exported picture. */
import { type ReadToken, rgbColour } from './colours.ts'
import type { LegendEntry } from './legend-entries.ts'
import type { Pen } from './svg-pen.ts'

export interface FooterStyle {
  readonly font: string
  readonly read: ReadToken
  /** Device pixels a CSS pixel. */
  readonly ratio: number
}

export interface Footer {
  readonly legend: readonly LegendEntry[]
  /** Sentences, the first of them a title. They are broken into lines as need be. */
  readonly caption: readonly string[]
}

/** CSS pixels. */
const MARGIN = 16
const LINE = 18
const SIZE = 12
const SAMPLE = { width: 14, height: 12 } as const

/** @returns the height that the footer takes (device pixels) in a picture of this width */
export const footerHeight = (pen: Pen, footer: Footer, style: FooterStyle, width: number): number =>
  layOut(pen, footer, style, width).height

/** @param top where it begins; like `width` in device pixels */
export function drawFooter(pen: Pen, footer: Footer, style: FooterStyle, top: number, width: number): void {
  const { ratio, read, font } = style
  const { entries, lines } = layOut(pen, footer, style, width)
  pen.textAlign = 'left'
  pen.textBaseline = 'alphabetic'
  for (const { entry, x, y } of entries) {
    drawSample(pen, entry, x, top + y - SAMPLE.height * ratio + 2 * ratio, style)
    pen.font = plain(style)
    pen.fillStyle = read('muted')
    pen.fillText(entry.text, x + (SAMPLE.width + 6) * ratio, top + y)
  }
  for (const { text, y, isTitle } of lines) {
    pen.font = isTitle ? `600 ${SIZE * ratio}px ${font}` : plain(style)
    pen.fillStyle = read(isTitle ? 'text' : 'muted')
    pen.fillText(text, MARGIN * ratio, top + y)
  }
}

const plain = ({ font, ratio }: FooterStyle): string => `${SIZE * ratio}px ${font}`

function layOut(pen: Pen, { legend, caption }: Footer, style: FooterStyle, width: number) {
  const { ratio } = style
  pen.font = plain(style)
  const measure = (text: string) => pen.measureText(text).width
  const left = MARGIN * ratio
  const right = width - left
  let x = left
  let y = LINE * ratio
  const entries = legend.map(entry => {
    const length = (SAMPLE.width + 6) * ratio + measure(entry.text)
    if (x > left && x + length > right) {
      x = left
      y += LINE * ratio
    }
    const place = { entry, x, y }
    x += length + 14 * ratio
    return place
  })
  y += 0.4 * LINE * ratio
  const lines = caption.flatMap((sentence, index) => {
    if (index === 0) pen.font = `600 ${SIZE * ratio}px ${style.font}`
    const broken = breakLine(sentence, right - left, measure)
    pen.font = plain(style)
    return broken.map(text => {
      y += LINE * ratio
      return { text, y, isTitle: index === 0 }
    })
  })
  return { entries, lines, height: Math.ceil(y + 0.7 * LINE * ratio) }
}

/** Breaks at spaces. A word longer than a line stays whole. */
export function breakLine(text: string, room: number, measure: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && measure(longer) > room) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

function drawSample(
  pen: Pen,
  { look, colour }: LegendEntry,
  x: number,
  y: number,
  { read, ratio }: FooterStyle,
) {
  const css = `rgb(${rgbColour(colour, read).join(' ')})`
  const width = SAMPLE.width * ratio
  const height = (SAMPLE.height - 2) * ratio
  pen.fillStyle = css
  pen.strokeStyle = css
  pen.setLineDash(look === 'refused' ? [3 * ratio, 2 * ratio] : [])
  pen.lineWidth = (look === 'cached' || look === 'hollow' ? 2 : look === 'refused' ? 1.5 : 1) * ratio
  if (look === 'cell') pen.fillRect(x, y, height, height)
  else if (look === 'hollow' || look === 'lost') {
    const edge = pen.lineWidth / 2
    pen.strokeRect(x + edge, y + edge, height - 2 * edge, height - 2 * edge)
    if (look === 'lost') hatch(pen, x, y, height)
  } else {
    pen.strokeRect(x, y, width, height)
    if (look === 'kept') pen.strokeRect(x + 2 * ratio, y + 2 * ratio, width - 4 * ratio, height - 4 * ratio)
  }
  pen.setLineDash([])
}

function hatch(pen: Pen, x: number, y: number, side: number) {
  pen.beginPath()
  for (const share of [0.4, 0.8]) {
    pen.moveTo(x, y + side * share)
    pen.lineTo(x + side * share, y)
    pen.moveTo(x + side, y + side * (1 - share))
    pen.lineTo(x + side * (1 - share), y + side)
  }
  pen.stroke()
}
