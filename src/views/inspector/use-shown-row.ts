import { useState } from 'react'
import { useSelection } from '../../state/selection-store.ts'

/** A new object each time that the row is to be brought into view. */
type ShownRow = { readonly row: number } | undefined

interface Seen {
  readonly cluster: number | undefined
  readonly row: number | undefined
  /** The pinned cluster that was shown last: others are only passed over. */
  readonly home: number | undefined
  readonly shown: ShownRow
}

const NOTHING: Seen = { cluster: undefined, row: undefined, home: undefined, shown: undefined }

/**
 * The row of a cluster's list that is to be in view: the first when another cluster is pinned, and whichever was asked
 * for last. It stays when nothing is asked for any more, so that one can go over to what was just pointed out.
 * @param cluster the one that is shown
 * @param row undefined while none is asked for
 */
export function useShownRow(cluster: number, row: number | undefined): ShownRow {
  const pinned = useSelection(state => state.selected)
  const [seen, setSeen] = useState(NOTHING)
  if (seen.cluster === cluster && seen.row === row && (cluster !== pinned || seen.home === cluster))
    return seen.shown
  const comesHome = cluster === pinned && seen.home !== cluster
  const shown = row === undefined ? (comesHome ? { row: 0 } : seen.shown) : { row }
  setSeen({ cluster, row, home: comesHome ? cluster : seen.home, shown })
  return shown
}
