/** What the tree of structures does to the rest of the page, and the other way round. */
import type { StructureRow } from '../../simulation/structure-page.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { sessionStore } from '../../state/session-store.ts'
import { uiStore } from '../../state/ui-store.ts'
import { inspectorPageStore } from './inspector-page.ts'
import { structureStore } from './structure-store.ts'

/** The cluster that the tree itself pinned last: the tree need not go to where it already is. */
let pinnedHere: number | undefined

/** Pins a structure's first cluster, and brings all of it into sight. */
export function locate({ name, clusters }: StructureRow): void {
  if (!clusters) {
    uiStore.getState().notify(`“${name}” has no cluster on the map.`)
    return
  }
  const { start, count } = clusters
  pinnedHere = start
  selectionStore.getState().select(start)
  selectionStore.getState().reveal({ start, clusters: count })
}

/** Shows the pinned cluster's place among the structures. */
export async function showPinned(): Promise<void> {
  const { selected } = selectionStore.getState()
  inspectorPageStore.getState().show('structures')
  if (selected === undefined) return
  const { follow, showCluster } = structureStore.getState()
  follow()
  if (!(await showCluster(selected))) uiStore.getState().notify(`No structure refers to cluster ${selected}.`)
}

export function toggleStructures(): void {
  const { page, show } = inspectorPageStore.getState()
  show(page === 'structures' ? 'inspect' : 'structures')
}

/** Keeps the tree in step with the image, as long as it is on the page. @returns how to stop that */
export function followSession(): () => void {
  const { follow } = structureStore.getState()
  follow()
  return sessionStore.subscribe(follow)
}

/**
 * As long as the tree is on the page: goes to whatever is pinned elsewhere. One after the other, and of what was
 * pinned meanwhile only to the last.
 * @returns how to stop that
 */
export function followSelection(): () => void {
  let busy = false
  let wished: number | undefined
  const go = async () => {
    busy = true
    while (wished !== undefined) {
      const cluster = wished
      wished = undefined
      await structureStore.getState().showCluster(cluster)
    }
    busy = false
  }
  return selectionStore.subscribe(({ selected }, before) => {
    if (selected === before.selected) return
    const isOwn = selected === pinnedHere
    pinnedHere = undefined
    if (selected === undefined || isOwn) return
    wished = selected
    if (!busy) void go()
  })
}
