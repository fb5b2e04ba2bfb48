import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import type { ImageSummary, RunOptions, RunReport } from '../../simulation/report.ts'
import { useSession } from '../../state/session-store.ts'
import { useWidth } from '../parts/use-size.ts'
import { budgetParts } from './budget-parts.ts'
import { type BudgetScale, budgetScaleOf } from './budget-scale.ts'
import { budgetSentence } from './budget-sentence.ts'
import { drawGauge, GAUGE } from './draw-gauge.ts'
import { LimitHandle } from './limit-handle.tsx'
import { ScanCosts } from './scan-costs.tsx'
import './memory-budget.css'

/** memUsage in its parts against the limit, and the limit as a handle. */
export function MemoryBudget() {
  const image = useSession(state => state.image)
  const report = useSession(state => state.report)
  const options = useSession(state => state.options)
  return (
    <section className="panel budget" aria-label="Memory budget">
      <div className="panel-head">
        <h2>Memory budget</h2>
        {report && report.outcome.kind !== 'scanned' && (
          <span className="budget-used">
            <UsedOf {...report.budget} />
          </span>
        )}
      </div>
      <div className="budget-body">
        {report?.outcome.kind === 'scanned' ? (
          <ScanCosts report={report} />
        ) : image && report ? (
          <Gauge image={image} report={report} options={options} />
        ) : (
          <p className="empty">What guarding an image costs is shown here once one is open.</p>
        )}
      </div>
    </section>
  )
}

/** A unit that both have is said once: there is little room. */
function UsedOf({ memUsage, limit }: Pick<RunReport['budget'], 'memUsage' | 'limit'>) {
  if (limit === undefined)
    return (
      <>
        <b>{withUnit(memUsage)}</b>, no limit
      </>
    )
  const isSaidOnce = memUsage < EXACT_BELOW && limit < EXACT_BELOW
  return (
    <>
      <b>{isSaidOnce ? formatCount(memUsage) : withUnit(memUsage)}</b> of {withUnit(limit)}
    </>
  )
}

const EXACT_BELOW = 1_000_000
/** To the byte as long as there is room for that; the tooltip has it in any case. */
const shortBytes = (bytes: number) => (bytes < EXACT_BELOW ? formatCount(bytes) : formatBytes(bytes))
const withUnit = (bytes: number | bigint) =>
  bytes < EXACT_BELOW ? `${formatCount(bytes)} B` : formatBytes(bytes)

interface GaugeProps {
  readonly image: ImageSummary
  readonly report: RunReport
  readonly options: RunOptions
}

function Gauge({ image, report, options }: GaugeProps) {
  const setOptions = useSession(state => state.setOptions)
  const svg = useRef<SVGSVGElement>(null)
  const width = useWidth(svg)
  const fresh = useMemo(() => budgetScaleOf(image, options, report), [image, options, report])
  // While the limit is dragged the scale must hold still under the pointer.
  const [held, setHeld] = useState<BudgetScale>()
  const scale = held ?? fresh.scale

  const { budget, outcome } = report
  const parts = useMemo(() => budgetParts(budget), [budget])
  const limit = options.totalSizeLimit === undefined ? undefined : Number(options.totalSizeLimit)
  const { refused } = budget
  useLayoutEffect(() => {
    if (svg.current && width > 0)
      drawGauge(svg.current, { parts, scale, limit, peak: budget.peak, refused }, width)
  }, [parts, scale, limit, budget.peak, refused, width])

  const limitWords = limit === undefined ? 'unlimited' : `${formatCount(limit)} bytes`
  const sentence = budgetSentence(report, fresh.floor)
  return (
    <>
      <div className="gauge" style={{ height: GAUGE.height }}>
        <svg ref={svg} aria-hidden="true" />
        <LimitHandle
          scale={scale}
          limit={limit}
          valueText={`${limitWords}; ${formatCount(budget.memUsage)} in use; ${formatCount(report.events)} events`}
          reached={refused !== undefined}
          disabled={outcome.kind === 'off'}
          onChange={(to, gesture) =>
            setOptions({ ...options, totalSizeLimit: to === undefined ? undefined : BigInt(to) }, gesture)
          }
          onDragStart={() => setHeld(fresh.scale)}
          onDragEnd={() => setHeld(undefined)}
        />
      </div>
      <p className="budget-sentence">{sentence}</p>
      <dl className="budget-parts">
        {parts.map(part => (
          <div
            key={part.name}
            title={`${formatCount(part.bytes)} bytes. ${part.about}`}
            className={part.bytes === 0 ? 'budget-none' : undefined}
          >
            <dt>
              <i className="budget-swatch" style={{ background: part.colour }} />
              {part.label}
            </dt>
            <dd>{shortBytes(part.bytes)}</dd>
          </div>
        ))}
        <div
          className={refused ? undefined : 'budget-none'}
          title="The last reservation that the limit refused: hatched on the gauge"
        >
          <dt>
            <i className="budget-swatch budget-swatch-refused" />
            Refused
          </dt>
          <dd>{refused ? shortBytes(refused.asked) : '–'}</dd>
        </div>
        <div
          title={`${formatCount(budget.peak)} bytes were the highest use of this opening: a thin line on the gauge`}
        >
          <dt>
            <i className="budget-swatch budget-swatch-peak" />
            Peak
          </dt>
          <dd>{shortBytes(budget.peak)}</dd>
        </div>
      </dl>
    </>
  )
}
