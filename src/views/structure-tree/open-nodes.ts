/**
 * Which nodes of the tree are open, and so which rows there are. Rows are not listed anywhere: an opened table may
 * have millions, and the one with a number is found by way of the few that are open.
 */

export interface OpenNode {
  /** '' for the root, whose children are always shown. */
  readonly id: string
  /** Its place among its parent's children. */
  readonly row: number
  /** Its children, open or not. */
  readonly total: number
  /** What they come to, in words; '' until it is known. */
  readonly summary: string
  /** Those of its children that are open, by their rows. */
  readonly open: readonly OpenNode[]
}

/** A row: a child of an open node. */
export interface RowPlace {
  readonly parent: OpenNode
  /** Its place among the parent's children. */
  readonly row: number
  /** 1 for the root's children. */
  readonly level: number
  /** The node itself, if it is open. */
  readonly node: OpenNode | undefined
}

export const rootNode = (total: number): OpenNode => ({ id: '', row: -1, total, summary: '', open: [] })

export const parentId = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('/')))

/** Rows below a node. */
export const rowCount = (node: OpenNode): number =>
  node.open.reduce((sum, child) => sum + rowCount(child), node.total)

/** @param index from 0, less than rowCount(root) */
export function placeAt(root: OpenNode, index: number): RowPlace {
  let parent = root
  let level = 1
  let left = index
  for (;;) {
    let inside: OpenNode | undefined
    for (const child of parent.open) {
      // `left` counts from the parent's first child, what is open before it left out.
      if (left <= child.row) break
      const rows = rowCount(child)
      if (left <= child.row + rows) {
        inside = child
        break
      }
      left -= rows
    }
    if (!inside) {
      const row = left
      return { parent, row, level, node: parent.open.find(child => child.row === row) }
    }
    left -= inside.row + 1
    parent = inside
    level++
  }
}

/** @returns the number of a row; -1 where its parent is not open */
export function indexOf(root: OpenNode, parent: string, row: number): number {
  let at = 0
  let node = root
  for (const next of [...ancestors(parent), undefined]) {
    const until = next === undefined ? row : node.open.find(child => child.id === next)?.row
    if (until === undefined) return -1
    for (const child of node.open) if (child.row < until) at += rowCount(child)
    at += until
    const inner = node.open.find(child => child.id === next)
    if (!inner) return at
    node = inner
    at++
  }
  return at
}

/** "a/b/c" has "a", "a/b" and "a/b/c" on its way; the root has none. */
function ancestors(id: string): string[] {
  if (id === '') return []
  const parts = id.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

export function findNode(root: OpenNode, id: string): OpenNode | undefined {
  let node: OpenNode | undefined = root
  for (const step of ancestors(id)) node = node?.open.find(child => child.id === step)
  return node
}

/** Opens a node, or says anew what it is; its parent must be open. What is open below it, and still there, stays so. */
export function withNode(root: OpenNode, node: Omit<OpenNode, 'open'>): OpenNode {
  const kept = (before: OpenNode | undefined) => (before?.open ?? []).filter(({ row }) => row < node.total)
  if (node.id === '') return { ...node, open: kept(root) }
  return changed(root, parentId(node.id), parent => {
    const before = parent.open.find(({ id }) => id === node.id)
    const others = parent.open.filter(({ id }) => id !== node.id)
    const open = [...others, { ...node, open: kept(before) }]
    return { ...parent, open: open.toSorted((a, b) => a.row - b.row) }
  })
}

export const withoutNode = (root: OpenNode, id: string): OpenNode =>
  changed(root, parentId(id), parent => ({ ...parent, open: parent.open.filter(child => child.id !== id) }))

function changed(root: OpenNode, id: string, change: (node: OpenNode) => OpenNode): OpenNode {
  const step = (node: OpenNode): OpenNode => {
    if (node.id === id) return change(node)
    const isAbove = (child: OpenNode) => id === child.id || id.startsWith(`${child.id}/`)
    return { ...node, open: node.open.map(child => (isAbove(child) ? step(child) : child)) }
  }
  return step(root)
}

/** The ids of all nodes that are open, parents before children, the root first. */
export const openIds = (node: OpenNode): string[] => [node.id, ...node.open.flatMap(openIds)]
