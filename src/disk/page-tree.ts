/**
 * Pages by number, in a tree whose copies share everything: copying costs nothing, and after it either side
 * pays only for the paths that it changes. (Persistent trees with owners: what a tree owns it changes in
 * place, what it does not own it copies first.)
 */
const FANOUT_BITS = 5
const FANOUT = 1 << FANOUT_BITS

/** Copied for each node: an array that grows as it is filled would leave room for more than a node ever has. */
const NO_CHILDREN: readonly undefined[] = Array.from({ length: FANOUT }, () => undefined)

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
  /** The leaf that was changed last, which this tree owns: neighbours follow each other. */
  private lastLeaf: Node<T> | undefined
  private lastNumber = -1

  constructor() {
    this.root = { owner: this.owner, children: NO_CHILDREN.slice() }
  }

  /** The page, or undefined where there is none. @param index a whole number below 2^53 */
  get(index: number): T | undefined {
    return this.leaf(Math.floor(index / FANOUT))?.children[index % FANOUT] as T | undefined
  }

  /** The pages [first, first + count), undefined where there is none. */
  row(first: number, count: number): (T | undefined)[] {
    const pages: (T | undefined)[] = []
    for (let done = 0; done < count; ) {
      const at = (first + done) % FANOUT
      const leaf = this.leaf((first + done - at) / FANOUT)
      const end = Math.min(count, done + FANOUT - at)
      for (let from = at - done; done < end; done++) pages.push(leaf?.children[from + done] as T | undefined)
    }
    return pages
  }

  /** @param page undefined takes it out */
  set(index: number, page: T | undefined): void {
    this.ownLeaf(Math.floor(index / FANOUT)).children[index % FANOUT] = page
  }

  /** Sets pages in a row. */
  setRow(first: number, pages: readonly T[]): void {
    for (let done = 0; done < pages.length; ) {
      const at = (first + done) % FANOUT
      const { children } = this.ownLeaf((first + done - at) / FANOUT)
      const end = Math.min(pages.length, done + FANOUT - at)
      for (let from = at - done; done < end; done++) children[from + done] = pages[done]
    }
  }

  /** Sets `count` places in a row to the same page. */
  fill(first: number, count: number, page: T): void {
    for (let done = 0; done < count; ) {
      const at = (first + done) % FANOUT
      const { children } = this.ownLeaf((first + done - at) / FANOUT)
      const end = Math.min(FANOUT, at + count - done)
      for (let i = at; i < end; i++) children[i] = page
      done += end - at
    }
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
    this.lastNumber = -1
    return copy
  }

  /** The node that holds FANOUT pages from number * FANOUT on, if there is one. */
  private leaf(number: number): Node<T> | undefined {
    if (number === this.lastNumber) return this.lastLeaf
    let scale = FANOUT ** (this.levels - 1)
    if (number >= scale) return undefined
    let node: Node<T> | undefined = this.root
    for (let rest = number; scale > 1 && node; ) {
      scale /= FANOUT
      const at = Math.floor(rest / scale)
      rest -= at * scale
      node = node.children[at] as Node<T> | undefined
    }
    return node
  }

  /** The same, made where it is missing, and to be changed in place. */
  private ownLeaf(number: number): Node<T> {
    if (number === this.lastNumber) return this.lastLeaf!
    while (number >= FANOUT ** (this.levels - 1)) {
      const children: Node<T>['children'] = NO_CHILDREN.slice()
      children[0] = this.root
      this.root = { owner: this.owner, children }
      this.levels++
    }
    let node = this.own(this.root)
    this.root = node
    let rest = number
    for (let scale = FANOUT ** (this.levels - 1); scale > 1; ) {
      scale /= FANOUT
      const at = Math.floor(rest / scale)
      rest -= at * scale
      const child = node.children[at] as Node<T> | undefined
      const next: Node<T> = child ? this.own(child) : { owner: this.owner, children: NO_CHILDREN.slice() }
      node.children[at] = next
      node = next
    }
    this.lastNumber = number
    this.lastLeaf = node
    return node
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
