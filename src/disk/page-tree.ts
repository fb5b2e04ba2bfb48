/**
 * Pages by number, in a tree whose copies share everything: copying costs nothing, and after it either side
 * pays only for the paths that it changes. (Persistent trees with owners: what a tree owns it changes in
 * place, what it does not own it copies first.)
 */
const FANOUT_BITS = 5
const FANOUT = 1 << FANOUT_BITS

/** Nobody else's token is this object. */
type Owner = object

interface Node<T> {
  readonly owner: Owner
  readonly children: (Node<T> | T | undefined)[]
}

export class PageTree<T extends object> {
  private root: Node<T>
  /** Levels of nodes; page numbers are below FANOUT ** levels. */
  private levels = 1
  private owner: Owner = {}

  constructor() {
    this.root = { owner: this.owner, children: [] }
  }

  /** The page, or undefined where there is none. @param index a whole number below 2^53 */
  get(index: number): T | undefined {
    let scale = FANOUT ** (this.levels - 1)
    if (index >= scale * FANOUT) return undefined
    let node: Node<T> | undefined = this.root
    let rest = index
    for (; scale > 1 && node; scale /= FANOUT) {
      const at = Math.floor(rest / scale)
      rest -= at * scale
      node = node.children[at] as Node<T> | undefined
    }
    return node?.children[rest] as T | undefined
  }

  /** @param page undefined takes it out */
  set(index: number, page: T | undefined): void {
    while (index >= FANOUT ** this.levels) {
      this.root = { owner: this.owner, children: [this.root] }
      this.levels++
    }
    let node = this.own(this.root)
    this.root = node
    let rest = index
    for (let scale = FANOUT ** (this.levels - 1); scale > 1; scale /= FANOUT) {
      const at = Math.floor(rest / scale)
      rest -= at * scale
      const child = node.children[at] as Node<T> | undefined
      const next: Node<T> = child ? this.own(child) : { owner: this.owner, children: [] }
      node.children[at] = next
      node = next
    }
    node.children[rest] = page
  }

  /** Pages from `first` on, ascending. */
  *entries(first = 0): Generator<[index: number, page: T]> {
    yield* this.walk(this.root, this.levels, 0, first)
  }

  /**
   * Numbers of the pages that are not the same object in the other tree, ascending. What the two share is passed over
   * unseen, so that after a copy this takes as long as what has changed since.
   */
  *differing(other: PageTree<T>): Generator<number> {
    const levels = Math.max(this.levels, other.levels)
    yield* differingIn(this.rootAt(levels), other.rootAt(levels), levels, 0)
  }

  /** An independent copy, in no time. */
  clone(): PageTree<T> {
    const copy = new PageTree<T>()
    copy.root = this.root
    copy.levels = this.levels
    // Neither side owns what is now shared.
    this.owner = {}
    return copy
  }

  /** The root as it would be if there were so many levels. */
  private rootAt(levels: number): Node<T> {
    let root = this.root
    for (let at = this.levels; at < levels; at++) root = { owner: this.owner, children: [root] }
    return root
  }

  private own(node: Node<T>): Node<T> {
    return node.owner === this.owner ? node : { owner: this.owner, children: node.children.slice() }
  }

  private *walk(node: Node<T>, levels: number, start: number, first: number): Generator<[number, T]> {
    const span = FANOUT ** (levels - 1)
    const from = Math.max(0, Math.floor((first - start) / span))
    for (let at = from; at < node.children.length; at++) {
      const child = node.children[at]
      if (child === undefined) continue
      if (levels === 1) yield [start + at, child as T]
      else yield* this.walk(child as Node<T>, levels - 1, start + at * span, first)
    }
  }
}

function* differingIn<T extends object>(
  one: Node<T> | undefined,
  other: Node<T> | undefined,
  levels: number,
  start: number,
): Generator<number> {
  if (one === other) return
  const span = FANOUT ** (levels - 1)
  const length = Math.max(one?.children.length ?? 0, other?.children.length ?? 0)
  for (let at = 0; at < length; at++) {
    const mine = one?.children[at]
    const theirs = other?.children[at]
    if (mine === theirs) continue
    if (levels === 1) yield start + at
    else
      yield* differingIn(
        mine as Node<T> | undefined,
        theirs as Node<T> | undefined,
        levels - 1,
        start + at * span,
      )
  }
}
