/** Draws the gauge: the parts stacked, the refused reservation past them, the limit's line, the axis. */
import { select } from 'd3'
import { formatBytes } from '../../lib/sizes.ts'
import type { BudgetPart } from './budget-parts.ts'
import type { BudgetScale } from './budget-scale.ts'

export interface GaugeData {
  readonly parts: readonly BudgetPart[]
  readonly scale: BudgetScale
  /** Bytes; undefined for unlimited. */
  readonly limit: number | undefined
  readonly peak: number
  readonly refused: { readonly asked: number; readonly memUsage: number } | undefined
}

/** Heights in CSS pixels: the bar between the handle's head above it and the axis below it. */
export const GAUGE = { height: 56, barTop: 20, barHeight: 18 } as const

const HATCH = 'gauge-refused'
const BAR_END = GAUGE.barTop + GAUGE.barHeight

/** @param width CSS pixels */
export function drawGauge(svg: SVGSVGElement, data: GaugeData, width: number): void {
  const { scale, limit, refused } = data
  const x = (bytes: number | undefined) => scale.fraction(bytes) * width
  const root = select(svg)
  root
    .selectAll('pattern')
    .data([HATCH])
    .join(enter => {
      const pattern = enter
        .append('pattern')
        .attr('id', HATCH)
        .attr('width', 6)
        .attr('height', 6)
        .attr('patternUnits', 'userSpaceOnUse')
        .attr('patternTransform', 'rotate(45)')
      pattern.append('rect').attr('width', 2).attr('height', 6).attr('class', 'gauge-hatch')
      return pattern
    })

  box(
    'track',
    [{ from: 0, to: width }],
    d => d.from,
    d => d.to,
  )
  // The zone in which more memory changes nothing.
  box('beyond', [scale.end], x, () => width)

  let below = 0
  const stacked = data.parts.map(part => {
    const from = below
    below += part.bytes
    return { part, from, to: below }
  })
  box(
    'part',
    stacked,
    d => x(d.from),
    d => (d.part.bytes > 0 ? Math.max(x(d.to), x(d.from) + 1) : x(d.from)),
  )
    .attr('fill', d => d.part.colour)
    .attr('data-part', d => d.part.name)
  box(
    'refused',
    refused ? [refused] : [],
    d => x(d.memUsage),
    d => x(d.memUsage + d.asked),
  ).attr('fill', `url(#${HATCH})`)
  root
    .selectAll('line.gauge-peak')
    .data(data.peak > 0 ? [data.peak] : [])
    .join('line')
    .attr('class', 'gauge-peak')
    .attr('x1', x)
    .attr('x2', x)
    .attr('y1', GAUGE.barTop - 4)
    .attr('y2', BAR_END + 4)
  root
    .selectAll('path.gauge-break')
    .data(scale.broken ? [scale.floor] : [])
    .join('path')
    .attr('class', 'gauge-break')
    .attr('d', floor => {
      const at = x(floor)
      return `M${at - 3} ${BAR_END + 3}l3 -5l-3 -5l3 -5l-3 -5l3 -4`
    })
  drawAxis(svg, scale, width)
  root
    .selectAll('line.gauge-limit')
    .data([x(limit)])
    .join('line')
    .attr('class', refused ? 'gauge-limit gauge-limit-reached' : 'gauge-limit')
    .attr('x1', d => d)
    .attr('x2', d => d)
    .attr('y1', 10)
    .attr('y2', BAR_END + 4)
    .raise()

  function box<D>(name: string, boxes: readonly D[], from: (d: D) => number, to: (d: D) => number) {
    return root
      .selectAll<SVGRectElement, D>(`rect.gauge-${name}`)
      .data(boxes)
      .join('rect')
      .attr('class', `gauge-${name}`)
      .attr('x', from)
      .attr('width', d => Math.max(0, to(d) - from(d)))
      .attr('y', GAUGE.barTop)
      .attr('height', GAUGE.barHeight)
  }
}

interface Tick {
  /** Where it is; its words may stand a little aside, to have room. */
  readonly mark: number
  readonly at: number
  readonly text: string
  readonly anchor: 'start' | 'middle' | 'end'
}

/** Nothing, the floor and "no limit", always; round numbers between them where they do not collide. */
function drawAxis(svg: SVGSVGElement, scale: BudgetScale, width: number): void {
  const floor = scale.fraction(scale.floor) * width
  const isFree = (x: number) => x - floor > ROOM && width - x > ROOM
  const ticks: Tick[] = [
    { mark: 0, at: 0, text: '0', anchor: 'start' },
    { mark: floor, at: Math.max(ZERO_ROOM, floor - 8), text: formatBytes(scale.floor), anchor: 'start' },
    { mark: width, at: width, text: '∞', anchor: 'end' },
  ]
  for (const bytes of scale.ticks()) {
    const at = scale.fraction(bytes) * width
    if (isFree(at)) ticks.push({ mark: at, at, text: formatBytes(bytes), anchor: 'middle' })
  }
  select(svg)
    .selectAll<SVGTextElement, Tick>('text.gauge-tick')
    .data(ticks)
    .join('text')
    .attr('class', 'gauge-tick')
    .attr('y', GAUGE.height - 4)
    .attr('x', tick => tick.at)
    .attr('text-anchor', tick => tick.anchor)
    .text(tick => tick.text)
  select(svg)
    .selectAll<SVGLineElement, Tick>('line.gauge-tick-mark')
    .data(ticks)
    .join('line')
    .attr('class', 'gauge-tick-mark')
    .attr('x1', tick => tick.mark)
    .attr('x2', tick => tick.mark)
    .attr('y1', BAR_END)
    .attr('y2', BAR_END + 4)
}

/** What the words of a tick need (CSS pixels). */
const ROOM = 60
/** What "0" needs, and a gap. */
const ZERO_ROOM = 12
