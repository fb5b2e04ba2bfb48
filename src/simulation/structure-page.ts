/** The tree of structures as it is told, some rows at a time: plain data, made to be posted from the worker to the page. */

/** A node of the tree of structures, as its parent lists it. */
export interface StructureRow {
  /** The steps from the root to it: "l1/3" is what entry 3 of the active L1 table names. */
  readonly id: string
  readonly name: string
  /** What is to be said of it besides, a few words. */
  readonly detail: string
  /** OwnerCode of its clusters; undefined for what has none, such as empty entries. */
  readonly owner: number | undefined
  /** Where it lies in the file, and how long it is, in bytes. */
  readonly offset: bigint | undefined
  readonly length: bigint | undefined
  /** The clusters that it touches, to be shown on the map; undefined where the map has no place for it. */
  readonly clusters: { readonly start: number; readonly count: number } | undefined
  readonly isExpandable: boolean
  /** Clusters of its own that no check would find now. */
  readonly unguarded: number
  /** The same of the tables below it; undefined where that would take reading them. */
  readonly unguardedBelow: number | undefined
  /** What is wrong with it, a few words each. */
  readonly problems: readonly string[]
}

/** Some of a node's children. */
export interface StructurePage {
  readonly node: string
  /** The node's own place among its parent's children; -1 for the root, and for what is not there any more. */
  readonly row: number
  readonly from: number
  /** How many children the node has. */
  readonly total: number
  /** What they come to, a few words. */
  readonly summary: string
  readonly rows: readonly StructureRow[]
}

/** A step of the way to a node: its place among its parent's children, of which there are `total`. */
export interface StructureStep {
  readonly id: string
  readonly row: number
  readonly total: number
}
