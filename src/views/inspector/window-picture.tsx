import { METADATA_TYPES } from '../../lib/metadata-types.ts'
import { OWNERS } from '../../lib/owners.ts'
import { formatCount } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import { ownerColour } from '../../render/owner-style.ts'
import type { WindowInspection } from '../../simulation/report.ts'
import { runsOf, type TypeRun } from './packed-runs.ts'

/** Narrower bars would not be seen: about a pixel, in clusters. */
const LEAST_WIDTH = 14
/** Of more bars than that, widened ones would run into one another. */
const FEW = 100
/** In units of the picture's own, top to bottom. */
const HEIGHT = 34
const STRIP = 14

interface Props {
  readonly window: WindowInspection
  /** The cluster that is looked at, within the window. */
  readonly cluster: number
}

/** A window's 4096 clusters from left to right: above as a check sees them, below as fragments. */
export function WindowPicture({ window, cluster }: Props) {
  const runs = runsOf(window.runs)
  const fragments = runsOf(window.fragments)
  return (
    <figure className="window-picture">
      <svg
        viewBox={`0 0 ${WINDOW_CLUSTERS} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={describe(runs, window)}
      >
        <rect className="window-strip" width={WINDOW_CLUSTERS} height={STRIP} />
        {pathsByType(runs, 0).map(({ type, path }) => (
          <path key={type} d={path} fill={colourOf(type)} />
        ))}
        <rect className="window-strip" y={HEIGHT - STRIP} width={WINDOW_CLUSTERS} height={STRIP} />
        {pathsByType(fragments, HEIGHT - STRIP).map(({ type, path }) => (
          <path
            key={type}
            d={path}
            fill={colourOf(type)}
            className={fragments.length <= FEW ? 'window-fragment' : undefined}
          />
        ))}
        <rect className="window-here" x={cluster} width={LEAST_WIDTH} height={HEIGHT} />
      </svg>
      <figcaption>
        <span>above: as recorded</span>
        <span>
          below: {window.fragments.length === 0 ? 'no fragment list' : 'its fragment list'}
          {window.modified && window.fragments.length > 0 ? ', older' : ''}
        </span>
      </figcaption>
    </figure>
  )
}

function describe(runs: readonly TypeRun[], { fragments }: WindowInspection): string {
  const clusters = runs.reduce((sum, { clusters: count }) => sum + count, 0)
  return (
    `${formatCount(clusters)} of ${formatCount(WINDOW_CLUSTERS)} clusters recorded, ` +
    `in ${formatCount(runs.length)} runs; the fragment list has ${formatCount(fragments.length)}.`
  )
}

/** One path for all bars of a kind: a window may have thousands. */
function pathsByType(runs: readonly TypeRun[], top: number): { type: number; path: string }[] {
  const paths = new Map<number, string>()
  const least = runs.length <= FEW ? LEAST_WIDTH : 1
  for (const { start, clusters, types } of runs) {
    const type = types & -types
    const width = Math.max(least, clusters)
    const left = Math.min(start, WINDOW_CLUSTERS - width)
    paths.set(type, `${paths.get(type) ?? ''}M${left} ${top}h${width}v${STRIP}h${-width}z`)
  }
  return [...paths].map(([type, path]) => ({ type, path }))
}

/** Of several types the lowest one's, as in QEMU's messages. */
function colourOf(type: number): string {
  const name = METADATA_TYPES.find(({ bit }) => bit === type)?.name
  return ownerColour(OWNERS.find(owner => owner.type === type && name !== undefined)?.code ?? 0)
}
