/** Finding: what the box, its buttons and the keys do. */
import type { FindKindName } from '../../../lib/find-kinds.ts'
import { findKind } from '../../../lib/find-kinds.ts'
import { OWNERS } from '../../../lib/owners.ts'
import type { GuestOffset } from '../../../lib/units.ts'
import { WINDOW_CLUSTERS } from '../../../lib/units.ts'
import { UserError } from '../../../lib/user-error.ts'
import { selectionStore } from '../../../state/selection-store.ts'
import { sessionStore } from '../../../state/session-store.ts'
import { simulator } from '../../../state/simulator.ts'
import { WorkerLost } from '../../../state/simulator-client.ts'
import { uiStore } from '../../../state/ui-store.ts'
import { goToCluster, goToWindow, reportFailure } from '../map-actions.ts'
import { findStore, kindOf } from './find-store.ts'
import { hostClusterOf } from './guest-words.ts'
import { type FindExtent, type FindQuery, parseFind } from './parse-find.ts'

/** How far the image reaches that is open. */
export function findExtent(): FindExtent {
  const { image, report } = sessionStore.getState()
  return {
    clusterSize: image?.clusterSize ?? 1,
    windows: report?.windows.count ?? 0,
    virtualSize: image?.virtualSize ?? 0n,
  }
}

/** Goes to what was typed; of a kind, to the next or previous of it. */
export async function submitFind(text: string, direction: 1 | -1 = 1): Promise<void> {
  const { setResult } = findStore.getState()
  try {
    await follow(parseFind(text, findExtent()), direction)
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof WorkerLost) reportFailure(error)
    else setResult({ type: 'fault', fault: { message: error.message, advice: error.advice } })
  }
}

/** @throws UserError */
async function follow(query: FindQuery, direction: 1 | -1 = 1): Promise<void> {
  if (query.type === 'kind') return goToKind(query.kind, direction)
  if (query.type === 'guest') return goToGuest(query.offset)
  findStore.getState().setResult(undefined)
  if (query.clusters === 1) goToCluster(query.start)
  else goToWindow(Math.floor(query.start / WINDOW_CLUSTERS))
}

/** From the pinned cluster on, around the end of the image if need be. */
async function goToKind(kind: FindKindName, direction: 1 | -1): Promise<void> {
  const { run, report } = sessionStore.getState()
  if (!report) return
  const { selected } = selectionStore.getState()
  const after = selected ?? (direction === 1 ? -1 : report.windows.count * WINDOW_CLUSTERS)
  const { found } = await simulator.request({ type: 'find', run, kind, after, direction })
  if (sessionStore.getState().run !== run) return
  const wrapped =
    found !== undefined && (direction === 1 ? found.range.start <= after : found.range.start >= after)
  findStore.getState().setResult({ type: 'kind', kind, found, wrapped, asked: true })
  if (found) goToCluster(found.range.start)
}

/** Counts again what was found in a picture that is no longer shown; goes nowhere. */
export async function recount(): Promise<void> {
  const before = findStore.getState()
  const kind = kindOf(before)
  const { run, revision, report } = sessionStore.getState()
  if (!kind || !report || (before.run === run && before.revision === revision)) return
  try {
    const after = (selectionStore.getState().selected ?? 0) - 1
    const { found } = await simulator.request({ type: 'find', run, kind, after, direction: 1 })
    // Something else may have been looked for meanwhile.
    if (findStore.getState().result === before.result)
      findStore.getState().setResult({ type: 'kind', kind, found, wrapped: false, asked: false })
  } catch (error) {
    reportFailure(error)
  }
}

async function goToGuest(offset: GuestOffset): Promise<void> {
  const { run } = sessionStore.getState()
  const { route } = await simulator.request({ type: 'guest-route', run, offset })
  if (sessionStore.getState().run !== run) return
  findStore.getState().setResult({ type: 'guest', route })
  const cluster = hostClusterOf(route, mapExtent())
  if (cluster !== undefined) goToCluster(cluster)
}

/** The map's clusters. */
export const mapExtent = () => {
  const { clusterSize, windows } = findExtent()
  return { clusterSize, clusters: windows * WINDOW_CLUSTERS }
}

/** Shows a kind in the box, and goes to the next or previous of it. */
export async function findOfKind(kind: FindKindName, direction: 1 | -1): Promise<void> {
  const { setText } = findStore.getState()
  if (kindOf(findStore.getState()) !== kind) setText(findKind(kind).label)
  try {
    await goToKind(kind, direction)
  } catch (error) {
    reportFailure(error)
  }
}

/** The next or previous of what is in the box. */
export function findAgain(direction: 1 | -1): void {
  const state = findStore.getState()
  const kind = kindOf(state)
  if (kind) void findOfKind(kind, direction)
  else if (state.text.trim() !== '') void submitFind(state.text, direction)
}

/** The next or previous cluster of the pinned one's kind. */
export async function findSame(direction: 1 | -1): Promise<void> {
  const { selected } = selectionStore.getState()
  if (selected === undefined) {
    uiStore.getState().notify('Pin a cluster first: then this goes to the next one of its kind.')
    return
  }
  try {
    const { run } = sessionStore.getState()
    const { inspection } = await simulator.request({ type: 'inspect', run, cluster: selected })
    const owner = OWNERS[inspection.cluster.owner]
    if (owner) await findOfKind(owner.name, direction)
  } catch (error) {
    reportFailure(error)
  }
}

/** Counts the clusters of every kind, unless they are counted for this picture. */
export async function countKinds(): Promise<void> {
  const { run, revision, report } = sessionStore.getState()
  const { counts, setCounts } = findStore.getState()
  if (!report || (counts?.run === run && counts.revision === revision)) return
  try {
    const answer = await simulator.request({ type: 'count-kinds', run })
    setCounts(answer.counts, run, revision)
  } catch (error) {
    reportFailure(error)
  }
}
