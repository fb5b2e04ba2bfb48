/**
 * Going from one cluster of a kind to the next, with its number among them. What a kind's clusters are is counted when
 * it is first asked for; of several kinds the last ones asked for are remembered.
 */
import { FIND_KINDS, findKind, type FindKindName, isGuardKind } from '../../lib/find-kinds.ts'
import type { OwnerRuns } from '../../qcow2/owner-map.ts'
import type { Coverage, WindowTable } from '../report.ts'
import type { GuardFacts } from '../window-guards.ts'
import { GuardPlaces } from './guard-places.ts'
import type { Found, Places } from './places.ts'
import { countStates, isOfKind, RunPlaces } from './run-places.ts'

/** Kinds that are remembered: half a MiB each where there are 16 million runs, 16 bytes a window with metadata at most. */
const MOST_KINDS = 4

export interface FindContext {
  readonly runs: OwnerRuns
  readonly guards: GuardFacts
  /** What these came to, in all and by window. */
  readonly coverage: Coverage
  readonly windows: WindowTable
}

/** Clusters of each kind. */
export type KindCounts = Readonly<Record<FindKindName, number>>

export class Finder {
  readonly #context: FindContext
  /** The one asked for last comes last. */
  readonly #places = new Map<FindKindName, Places>()
  #counts: KindCounts | undefined

  /** @param context must stay as it is as long as this is used */
  constructor(context: FindContext) {
    this.#context = context
  }

  /**
   * The nearest place of a kind, going round at the end.
   * @param after where to start: a place that begins there is left out. Any number, -1 for before the image
   * @param direction -1 for the last place that begins before it
   * @returns undefined where there is none
   */
  find(name: FindKindName, after: number, direction: 1 | -1): Found | undefined {
    const places = this.#placesOf(name)
    const { count, clusters } = places
    if (count === 0) return undefined
    const wanted = direction === 1 ? places.before(after + 1) : places.before(after) - 1
    const place = (wanted + count) % count
    return { ordinal: place + 1, count, clusters, range: places.at(place) }
  }

  get counts(): KindCounts {
    this.#counts ??= countKinds(this.#context)
    return this.#counts
  }

  #placesOf(name: FindKindName): Places {
    const { runs, guards, windows } = this.#context
    const places =
      this.#places.get(name) ??
      (isGuardKind(name)
        ? new GuardPlaces(guards, windows, name)
        : new RunPlaces(runs, name, findKind(name).step))
    this.#places.delete(name)
    this.#places.set(name, places)
    const [oldest] = this.#places.keys()
    if (this.#places.size > MOST_KINDS && oldest) this.#places.delete(oldest)
    return places
  }
}

function countKinds({ runs, coverage }: FindContext): KindCounts {
  const states = countStates(runs)
  const count = (name: FindKindName) =>
    isGuardKind(name)
      ? coverage[name]
      : states.reduce((sum, clusters, state) => sum + (isOfKind(name, state) ? clusters : 0), 0)
  return Object.fromEntries(FIND_KINDS.map(({ name }) => [name, count(name)])) as KindCounts
}
