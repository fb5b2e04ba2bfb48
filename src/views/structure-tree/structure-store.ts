/**
 * The tree of structures as the page has it: what is open, where the keys are, and the rows that were looked at. What
 * is open survives other options and commands, as far as it is still there.
 */
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { Cancelled } from '../../lib/cancel.ts'
import type { StructurePage, StructureRow, StructureStep } from '../../simulation/structure-page.ts'
import { Pages } from '../../state/pages.ts'
import { type SessionState, sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { type SimulatorClient, WorkerLost } from '../../state/simulator-client.ts'
import {
  findNode,
  indexOf,
  type OpenNode,
  openIds,
  parentId,
  placeAt,
  rootNode,
  rowCount,
  type RowPlace,
  withNode,
  withoutNode,
} from './open-nodes.ts'

export interface StructureState {
  readonly run: number
  readonly revision: number
  readonly root: OpenNode
  /** The row that keys act on: a child of an open node. */
  readonly active: { readonly parent: string; readonly row: number } | undefined
  /** Counts arrivals of rows, so that whoever shows them is drawn again. */
  readonly arrivals: number
  readonly failure: string | undefined
  /** The row of a place; undefined while it is on the way. */
  rowAt(place: RowPlace): StructureRow | undefined
  activate(index: number): void
  open(place: RowPlace): Promise<void>
  close(id: string): void
  /** Opens the way to what holds a cluster, and goes there. @returns false where nothing refers to it */
  showCluster(cluster: number): Promise<boolean>
  /** Takes over what the session shows now. */
  follow(): void
}

export interface StructureSources {
  readonly client: SimulatorClient
  readonly session: Pick<StoreApi<SessionState>, 'getState'>
}

const NOTHING = rootNode(0)

export function createStructureStore({ client, session }: StructureSources) {
  /** By node: the rows that were looked at. */
  const pages = new Map<string, Pages<StructureRow>>()

  return createStore<StructureState>()((set, get) => {
    const isCurrent = (run: number, revision: number) => get().run === run && get().revision === revision

    /** @returns undefined where it could not be had: the image is no longer the open one, or reading failed */
    const fetch = async (node: string, from: number, count: number): Promise<StructurePage | undefined> => {
      const { run, revision } = get()
      try {
        const { page } = await client.request({ type: 'structure-children', run, node, from, count })
        return isCurrent(run, revision) ? page : undefined
      } catch (error) {
        fail(error)
        return undefined
      }
    }

    const fail = (error: unknown) => {
      // A cancelled answer belongs to an image that is no longer open; of a lost worker the page tells.
      if (error instanceof Cancelled || error instanceof WorkerLost) return
      set({ failure: error instanceof Error ? error.message : String(error) })
    }

    const pagesOf = (node: string): Pages<StructureRow> => {
      const known = pages.get(node)
      if (known) return known
      const made = new Pages<StructureRow>(
        async (from, count) => {
          const page = await fetch(node, from, count)
          if (!page) throw new Cancelled()
          take(page)
          return page.rows
        },
        () => set({ arrivals: get().arrivals + 1 }),
      )
      pages.set(node, made)
      return made
    }

    /** What a page says of its node. */
    const take = ({ node, row, total, summary }: StructurePage) => {
      const { root } = get()
      const before = findNode(root, node)
      if (!before || (before.row === row && before.total === total && before.summary === summary)) return
      set({ root: withNode(root, { id: node, row, total, summary }) })
    }

    /** Looks again at all that is open. */
    const refresh = async (ids: readonly string[]) => {
      for (const id of ids) {
        if (!findNode(get().root, id)) continue
        const { run, revision } = get()
        const page = await fetch(id, 0, 0)
        if (!isCurrent(run, revision)) return
        if (page && (id === '' || page.row >= 0)) take(page)
        else if (id !== '') set({ root: withoutNode(get().root, id) })
      }
    }

    const openSteps = (steps: readonly StructureStep[]) => {
      let { root } = get()
      for (const [index, { id, row }] of steps.slice(0, -1).entries()) {
        const { total } = steps[index + 1]!
        const summary = findNode(root, id)?.summary ?? ''
        root = withNode(root, { id, row, total, summary })
      }
      const last = steps.at(-1)
      if (last) set({ root, active: { parent: parentId(last.id), row: last.row } })
    }

    return {
      run: 0,
      revision: 0,
      root: NOTHING,
      active: undefined,
      arrivals: 0,
      failure: undefined,
      rowAt: ({ parent, row }) => pagesOf(parent.id).at(row),
      activate(index) {
        const { root } = get()
        const rows = rowCount(root)
        if (rows === 0) return
        const { parent, row } = placeAt(root, Math.min(Math.max(index, 0), rows - 1))
        set({ active: { parent: parent.id, row } })
      },
      async open(place) {
        const row = get().rowAt(place)
        if (!row?.isExpandable || place.node) return
        const page = await fetch(row.id, 0, 0)
        // Meanwhile its own parent may have been closed.
        if (!page || !findNode(get().root, place.parent.id)) return
        const { total, summary } = page
        set({ root: withNode(get().root, { id: row.id, row: place.row, total, summary }) })
      },
      close(id) {
        const { root, active } = get()
        const node = findNode(root, id)
        if (!node) return
        const isInside = active && (active.parent === id || active.parent.startsWith(`${id}/`))
        set({
          root: withoutNode(root, id),
          ...(isInside ? { active: { parent: parentId(id), row: node.row } } : {}),
        })
      },
      async showCluster(cluster) {
        const { run, revision } = get()
        if (run === 0) return false
        try {
          const { steps } = await client.request({ type: 'structure-path', run, cluster })
          if (!isCurrent(run, revision)) return true
          openSteps(steps)
          return steps.length > 0
        } catch (error) {
          fail(error)
          return true
        }
      },
      follow() {
        const { run, revision } = session.getState()
        const before = get()
        if (run === before.run && revision === before.revision) return
        pages.clear()
        const isNew = run !== before.run
        set({
          run,
          revision,
          failure: undefined,
          ...(isNew ? { root: NOTHING, active: undefined } : {}),
        })
        if (run > 0) void refresh(isNew ? [''] : openIds(before.root))
      },
    }
  })
}

export const structureStore = createStructureStore({ client: simulator, session: sessionStore })

export function useStructures<T>(select: (state: StructureState) => T): T {
  return useStore(structureStore, select)
}

/** The number of the row that keys act on; -1 for none. */
export const activeIndex = ({ root, active }: Pick<StructureState, 'root' | 'active'>): number =>
  active ? indexOf(root, active.parent, active.row) : -1
