/** Painted cells that may be wanted again; those unused for longest go first. */

/** Whatever is kept of some windows. */
interface Stored {
  readonly cells: Uint8Array
}

/** What an entry costs besides its cells, roughly. */
const ENTRY_BYTES = 160

interface Entry<T> {
  readonly tile: T
  usedAt: number
}

export class TileStore<T extends Stored> {
  private readonly maxBytes: number
  private readonly tiles = new Map<number, Entry<T>>()
  private used = 0
  /** Counts uses. */
  private time = 0

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get bytes(): number {
    return this.used
  }

  /** Counts as a use of it. */
  get(key: number): T | undefined {
    const found = this.tiles.get(key)
    if (!found) return undefined
    found.usedAt = ++this.time
    return found.tile
  }

  put(key: number, tile: T): void {
    this.drop(key)
    this.tiles.set(key, { tile, usedAt: ++this.time })
    this.used += tile.cells.length + ENTRY_BYTES
    if (this.used > this.maxBytes) this.makeRoom()
  }

  /** More than is needed, for it takes a look at all of them. */
  private makeRoom(): void {
    const byUse = [...this.tiles].sort(([, a], [, b]) => a.usedAt - b.usedAt)
    for (const [key] of byUse) {
      if (this.used <= this.maxBytes * 0.8) break
      this.drop(key)
    }
  }

  private drop(key: number): void {
    const found = this.tiles.get(key)
    if (!found) return
    this.used -= found.tile.cells.length + ENTRY_BYTES
    this.tiles.delete(key)
  }
}
