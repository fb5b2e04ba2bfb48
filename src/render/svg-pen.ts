/**
 * A canvas that writes SVG: as much of one as lettering, legend and overlay need. So a picture is drawn by the same
 * code whether it becomes pixels or shapes.
 */

/** What is used of a canvas. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'fillText'
  | 'measureText'
  | 'fillRect'
  | 'strokeRect'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'roundRect'
  | 'stroke'
  | 'setLineDash'
>

const ANCHORS: Readonly<Record<string, string>> = {
  left: 'start',
  start: 'start',
  center: 'middle',
  right: 'end',
  end: 'end',
}

export class SvgPen implements Pen {
  font = '10px sans-serif'
  textAlign: CanvasTextAlign = 'start'
  textBaseline: CanvasTextBaseline = 'alphabetic'
  fillStyle: Pen['fillStyle'] = '#000'
  strokeStyle: Pen['strokeStyle'] = '#000'
  lineWidth = 1
  private readonly ruler: Pen
  private readonly shapes: string[] = []
  private path = ''
  private dash: readonly number[] = []

  /** @param ruler a real canvas, which knows how wide letters are */
  constructor(ruler: Pen) {
    this.ruler = ruler
  }

  /** What was drawn, a shape a line. */
  toString(): string {
    return this.shapes.join('\n')
  }

  measureText(text: string): TextMetrics {
    this.ruler.font = this.font
    return this.ruler.measureText(text)
  }

  fillText(text: string, x: number, y: number): void {
    if (text === '') return
    const [, weight = '400', size = '10', family = 'sans-serif'] =
      /^(?:(\d+|bold) )?([\d.]+)px (.*)$/.exec(this.font) ?? []
    // Not every program that shows SVG knows dominant-baseline: letters are moved down by what it would.
    const baseline = this.textBaseline === 'middle' ? y + Number(size) * 0.35 : y
    this.shapes.push(
      `<text x="${round(x)}" y="${round(baseline)}" font-size="${round(Number(size))}" font-weight="${weight}" ` +
        `font-family="${escapeXml(family)}" text-anchor="${ANCHORS[this.textAlign] ?? 'start'}" ` +
        `fill="${colourOf(this.fillStyle)}">${escapeXml(text)}</text>`,
    )
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.shapes.push(`<rect ${box(x, y, width, height)} fill="${colourOf(this.fillStyle)}"/>`)
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.shapes.push(`<rect ${box(x, y, width, height)} ${this.line()}/>`)
  }

  beginPath(): void {
    this.path = ''
  }

  moveTo(x: number, y: number): void {
    this.path += `M${round(x)} ${round(y)}`
  }

  lineTo(x: number, y: number): void {
    this.path += `L${round(x)} ${round(y)}`
  }

  /** @param radius one for all corners */
  roundRect(x: number, y: number, width: number, height: number, radius?: unknown): void {
    const r = Math.min(typeof radius === 'number' ? radius : 0, width / 2, height / 2)
    const corner = (dx: number, dy: number) => `a${round(r)} ${round(r)} 0 0 1 ${round(dx)} ${round(dy)}`
    this.path +=
      `M${round(x + r)} ${round(y)}h${round(width - 2 * r)}${corner(r, r)}v${round(height - 2 * r)}${corner(-r, r)}` +
      `h${round(2 * r - width)}${corner(-r, -r)}v${round(2 * r - height)}${corner(r, -r)}z`
  }

  stroke(): void {
    if (this.path !== '') this.shapes.push(`<path d="${this.path}" ${this.line()}/>`)
  }

  setLineDash(dash: Iterable<number>): void {
    this.dash = [...dash]
  }

  private line(): string {
    const dash = this.dash.length > 0 ? ` stroke-dasharray="${this.dash.map(round).join(' ')}"` : ''
    return `fill="none" stroke="${colourOf(this.strokeStyle)}" stroke-width="${round(this.lineWidth)}"${dash}`
  }
}

const box = (x: number, y: number, width: number, height: number): string =>
  `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`

/** Commas between channels: not every program that shows SVG knows CSS Color 4. */
const colourOf = (style: Pen['fillStyle']): string =>
  escapeXml(
    String(style)
      .trim()
      .replace(/^rgb\((\d+) (\d+) (\d+)\)$/, 'rgb($1,$2,$3)'),
  )

const round = (value: number): number => Math.round(value * 100) / 100

/** What XML cannot hold at all is replaced: the name of a snapshot may be any bytes. */
export const escapeXml = (text: string): string =>
  Array.from(text, letter =>
    isXml(letter.codePointAt(0) ?? 0) ? (ESCAPES[letter] ?? letter) : '\ufffd',
  ).join('')

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML 1.0, Char. */
const isXml = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  code >= 0x10000
