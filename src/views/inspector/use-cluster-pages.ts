import { useReducer, useState } from 'react'
import type { StructureField } from '../../qcow2/fields/field.ts'
import type { BytesPage, ClusterInspection } from '../../simulation/inspection.ts'
import { Pages } from '../../state/pages.ts'
import { sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { type HexRow, hexRows, ROW_BYTES } from './hex-rows.ts'

/** A cluster's bytes and fields, page by page. */
export interface ClusterPages {
  readonly cluster: ClusterInspection
  readonly rows: Pages<HexRow>
  readonly fields: Pages<StructureField>
}

/** @returns the pages of this inspection; whoever uses them is redrawn as pages arrive */
export function useClusterPages(cluster: ClusterInspection): ClusterPages {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const [pages, setPages] = useState(() => makePages(cluster, redraw, undefined))
  if (pages.cluster === cluster) return pages
  const next = makePages(cluster, redraw, pages.cluster.cluster === cluster.cluster ? pages : undefined)
  setPages(next)
  return next
}

/** @param before of the same cluster: shown until what is asked for now arrives */
function makePages(
  inspection: ClusterInspection,
  redraw: () => void,
  before: ClusterPages | undefined,
): ClusterPages {
  const { run } = sessionStore.getState()
  const { cluster, hostOffset } = inspection
  const rowsOf = (page: BytesPage, from: number) => hexRows(page, hostOffset + BigInt(from))
  const rows = new Pages<HexRow>(
    async (from, count) => {
      const first = from * ROW_BYTES
      const request = { run, cluster, from: first, count: count * ROW_BYTES }
      return rowsOf((await simulator.request({ type: 'cluster-bytes', ...request })).page, first)
    },
    redraw,
    before?.rows,
    rowsOf(inspection.bytes, 0),
  )
  const fields = new Pages<StructureField>(
    async (from, count) =>
      (await simulator.request({ type: 'cluster-fields', run, cluster, from, count })).fields,
    redraw,
    before?.fields,
    inspection.fields,
  )
  return { cluster: inspection, rows, fields }
}
