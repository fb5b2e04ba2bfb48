import { ClaimList } from './claim-list.ts'
import { ClaimSources } from './claim-sources.ts'
import { type ClaimStore, isBefore, type SourcedClaims } from './claim-store.ts'

/**
 * The claims of two stores as one, sorted.
 * @param replaced sectors of the tables of which only `above` tells
 */
export function mergedClaims(
  below: ClaimStore,
  above: ClaimStore,
  replaced: ReadonlySet<number>,
): SourcedClaims {
  const claims = new ClaimList(Math.max(1, below.count + above.count))
  const sources = new ClaimSources()
  // What each source is among those of both; -1 for one that counts no longer.
  const numbersOf = (of: ClaimStore, counts: (table: number) => boolean) =>
    Int32Array.from({ length: of.sources.count }, (_, source) =>
      counts(of.sources.table(source)) ? of.sources.addTo(sources, source) : -1,
    )
  const numbersBelow = numbersOf(below, table => !replaced.has(table))
  const numbersAbove = numbersOf(above, () => true)
  const put = (of: ClaimStore, claim: number, source: number) => {
    const start = of.start(claim)
    claims.addWith(start, of.end(claim) - start, source, of.traits(claim))
  }
  let other = 0
  for (let claim = 0; claim < below.count; claim++) {
    const source = numbersBelow[below.source(claim)]!
    if (source < 0) continue
    for (; other < above.count && isBefore(above, other, below, claim); other++)
      put(above, other, numbersAbove[above.source(other)]!)
    put(below, claim, source)
  }
  for (; other < above.count; other++) put(above, other, numbersAbove[above.source(other)]!)
  return { claims, sources }
}
