import { OWNERS } from '../../lib/owners.ts'
import { TILE_SIDE } from '../../lib/cells.ts'
import { formatCount } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { ownerColour } from '../../render/owner-style.ts'
import type { WindowInspection } from '../../simulation/inspection.ts'
import { runsOf, type TypeRun } from './packed-runs.ts'

/** Of a cluster's side; it keeps fragments that follow on one another apart. */
const INSET = 0.2

interface Props {
  readonly window: WindowInspection
  /** The cluster that is looked at, within the window. */
  readonly cluster: number
}

/** A window's 4096 clusters, 64 a row as on the map: as a check sees them, and as fragments. */
export function WindowPicture({ window, cluster }: Props) {
  const runs = runsOf(window.runs)
  const fragments = runsOf(window.fragments)
  const recorded = runs.reduce((sum, { clusters }) => sum + clusters, 0)
  const older = window.modified && fragments.length > 0 ? ', older' : ''
  return (
    <div className="window-picture">
      <Tile
        runs={runs}
        cluster={cluster}
        inset={0}
        caption="as recorded"
        label={`${formatCount(recorded)} of ${formatCount(WINDOW_CLUSTERS)} clusters are recorded, in ${formatCount(runs.length)} runs of equal types`}
      />
      <Tile
        runs={fragments}
        cluster={cluster}
        inset={INSET}
        caption={fragments.length === 0 ? 'no fragment list' : `its fragments${older}`}
        label={`The fragment list has ${formatCount(fragments.length)} fragments`}
      />
    </div>
  )
}

interface TileProps {
  readonly runs: readonly TypeRun[]
  readonly cluster: number
  readonly inset: number
  readonly caption: string
  readonly label: string
}

function Tile({ runs, cluster, inset, caption, label }: TileProps) {
  const [column, row] = placeOf(cluster)
  return (
    <figure>
      <svg viewBox={`0 0 ${TILE_SIDE} ${TILE_SIDE}`} role="img" aria-label={label}>
        <rect className="window-tile" width={TILE_SIDE} height={TILE_SIDE} />
        {pathsByType(runs, inset).map(({ type, path }) => (
          <path key={type} d={path} fill={colourOf(type)} />
        ))}
        <rect className="window-here" x={column - 0.5} y={row - 0.5} width={2} height={2} />
      </svg>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

const placeOf = (cluster: number) => [cluster % TILE_SIDE, Math.floor(cluster / TILE_SIDE)] as const

/** One path for all bars of a kind: a window may have thousands. */
function pathsByType(runs: readonly TypeRun[], inset: number): { type: number; path: string }[] {
  const paths = new Map<number, string[]>()
  for (const { start, clusters, types } of runs) {
    const type = types & -types
    const bars = paths.get(type) ?? []
    paths.set(type, bars)
    const end = start + clusters
    for (let at = start; at < end; ) {
      const [column, row] = placeOf(at)
      const next = Math.min(end, at + TILE_SIDE - column)
      const left = at === start ? column + inset : column
      const right = column + next - at - (next === end ? inset : 0)
      bars.push(`M${left} ${row + inset}H${right}V${row + 1 - inset}H${left}z`)
      at = next
    }
  }
  return [...paths].map(([type, bars]) => ({ type, path: bars.join('') }))
}

/** Of several types the lowest one's, as in QEMU's messages. */
const colourOf = (type: number): string => ownerColour(OWNERS.findIndex(owner => owner.type === type))
