import { Owner } from '../lib/owners.ts'
import { ClaimList } from './claim-list.ts'
import { ClaimSources } from './claim-sources.ts'
import { ClaimSweep } from './claim-sweep.ts'
import { CopiedState } from './claim-traits.ts'
import type { ClaimWalk } from './claim-walk.ts'
import { type OwnerRuns, RunFlag } from './owner-map.ts'
import { namedOwner } from './precedence.ts'
import { RunList } from './run-list.ts'

/**
 * Who owns which cluster, as far as is known before the L2 tables are read: all structures, and the tables themselves.
 * The rest of the file is free in it. Nothing has been compared with refcounts.
 * @param walk over the structures, its references grouped
 */
export function outlineOf({
  image,
  claims: structures,
  sources: ofStructures,
  references,
}: ClaimWalk): OwnerRuns {
  const claims = new ClaimList()
  const sources = new ClaimSources()
  for (let claim = 0; claim < structures.count; claim++) {
    const of = structures.source[claim]!
    const source = sources.addReferences(
      ofStructures.table[of]!,
      ofStructures.active[of]!,
      ofStructures.inactive[of]!,
    )
    claims.addWith(structures.start[claim]!, structures.length[claim]!, source, structures.traits[claim]!)
  }
  const perCluster = image.clusterSize / 512
  for (let group = 0; group < references.groupCount; group++) {
    const sector = references.groupSector(group)
    const first = Math.floor(sector / perCluster)
    const length = sector % perCluster === 0 ? 1 : 2
    const active = references.activeIn(group)
    const inactive = references.groupSize(group) - active
    const source = sources.addReferences(sector, active, inactive)
    const owner = active > 0 ? Owner.activeL2 : Owner.inactiveL2
    claims.add(first, length, source, owner, CopiedState.none, true)
  }
  claims.sort()
  return runsOf(new ClaimSweep(claims, sources), Math.ceil(image.disk.size / image.clusterSize))
}

function runsOf(sweep: ClaimSweep, fileClusters: number): OwnerRuns {
  const runs = new RunList()
  const add = (start: number, end: number) => {
    if (start >= end) return
    const past = start >= fileClusters ? RunFlag.pastEnd : 0
    const inactive = sweep.claimCount > 0 && sweep.activeClaims === 0 ? RunFlag.inactiveOnly : 0
    runs.add(end - start, namedOwner(sweep.claimsOf), past | inactive)
  }
  while (sweep.next()) {
    add(sweep.start, Math.min(sweep.end, fileClusters))
    add(Math.max(sweep.start, fileClusters), sweep.end)
  }
  add(runs.end, fileClusters)
  return runs.finished()
}
