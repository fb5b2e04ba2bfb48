/** Some pages of a list too long to hold, fetched as they are looked at; those not used for longest go. */

export const PAGE_SIZE = 100
/** Pages held at a time: enough for any screen and a little scrolling back. */
const MOST_PAGES = 40

export class Pages<T> {
  private readonly fetchPage: (from: number, count: number) => Promise<readonly T[]>
  private readonly onChange: () => void
  private readonly pages = new Map<number, readonly T[]>()
  private readonly wanted = new Set<number>()
  /** What the list held before it was replaced, shown until its successor's pages arrive. */
  private readonly before: ReadonlyMap<number, readonly T[]>

  /**
   * @param fetchPage may answer with less than `count` at the end of the list
   * @param before the list that this one takes the place of
   * @param first the first page, where it is known already
   */
  constructor(
    fetchPage: (from: number, count: number) => Promise<readonly T[]>,
    onChange: () => void,
    before?: Pages<T>,
    first?: readonly T[],
  ) {
    this.fetchPage = fetchPage
    this.onChange = onChange
    this.before = before?.pages ?? new Map()
    if (first) this.pages.set(0, first)
  }

  /** @returns the element, or undefined while its page is on the way; `onChange` tells of its arrival */
  at(index: number): T | undefined {
    const page = Math.floor(index / PAGE_SIZE)
    const held = this.pages.get(page)
    if (!held) {
      this.want(page)
      return this.before.get(page)?.[index % PAGE_SIZE]
    }
    // A Map keeps the order of insertion: the oldest use comes first.
    this.pages.delete(page)
    this.pages.set(page, held)
    return held[index % PAGE_SIZE]
  }

  private want(page: number): void {
    if (this.wanted.has(page)) return
    this.wanted.add(page)
    this.fetchPage(page * PAGE_SIZE, PAGE_SIZE).then(
      elements => {
        this.wanted.delete(page)
        this.pages.set(page, elements)
        const [oldest] = this.pages.keys()
        if (this.pages.size > MOST_PAGES && oldest !== undefined) this.pages.delete(oldest)
        this.onChange()
      },
      // The run is gone, or the worker was lost, which is told elsewhere: the rows stay as they are. `wanted`
      // keeps the page, or every redraw would ask for it again.
      () => undefined,
    )
  }
}
