/** What a layer of the map tells, in words. */
import { ticksBetween } from '../../lib/age-bucket.ts'
import type { Layer } from '../../lib/layers.ts'
import { formatCount } from '../../lib/sizes.ts'
import { Owner } from '../../lib/owners.ts'
import { countKind, layerKinds } from '../../render/layer-kinds.ts'
import { Held } from '../../lib/held.ts'
import type { RunOptions, RunReport } from '../../simulation/report.ts'
import type { Inspection } from '../../simulation/inspection.ts'
import { describeCluster } from './describe.ts'
import { LAYER_TEXTS } from './layer-texts.ts'

/** What is seen, and how many clusters there are of each kind. @param counts by cell */
export function describeLayer(layer: Layer, counts: Float64Array | undefined, checkedTypes: number): string {
  const { name, tells } = LAYER_TEXTS[layer]
  const kinds = counts
    ? layerKinds(layer, checkedTypes).flatMap(kind => {
        const count = countKind(kind, counts)
        return count > 0 ? [`${formatCount(count)} ${kind.text}`] : []
      })
    : []
  const clusters = kinds.length > 0 ? ` Clusters: ${kinds.join(', ')}.` : ''
  return `Layer ${name}: colour tells ${tells}.${clusters}`
}

/** One cluster as describeCluster has it, and what the layer tells of it. */
export function describeInLayer(
  inspection: Inspection,
  layer: Layer,
  report: Pick<RunReport, 'currentAge' | 'outcome'> & { readonly options: Pick<RunOptions, 'checkedTypes'> },
): string {
  const words = WORDS[layer]?.(inspection, report.currentAge) ?? []
  const isOpen = report.outcome.kind !== 'refused'
  return [describeCluster(inspection, report.options.checkedTypes, isOpen), ...words].join(', ')
}

const WORDS: Partial<Record<Layer, (inspection: Inspection, currentAge: number) => string[]>> = {
  refcount: ({ cluster: { storedRefcount, computedRefcount } }) => [
    `refcount ${formatCount(storedRefcount)}`,
    ...(storedRefcount === BigInt(computedRefcount) ? [] : [`should be ${formatCount(computedRefcount)}`]),
  ],
  age: ({ window: { age, held } }, currentAge) => {
    if (held === Held.nothing && age === 0) return ['window not used since the engine’s first tick']
    const ticks = ticksBetween(age, currentAge)
    return [`window last used ${formatCount(ticks)} ${ticks === 1 ? 'tick' : 'ticks'} ago`]
  },
  problem: ({ cluster: { flags, owner } }) => {
    // What is leaked is called so already.
    const wrong = Object.entries(FLAGS).flatMap(([flag, word]) => (flags & Number(flag) ? [word] : []))
    return wrong.length === 0 && owner !== Owner.leaked ? ['no problem'] : wrong
  },
}

/** RunFlag's bits in words. */
const FLAGS = { 1: 'claimed twice', 2: 'refcount wrong', 8: 'past the end of the file' } as const
