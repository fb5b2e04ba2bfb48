/** Painted tiles that may be wanted again; the one unused for longest goes first. */
export interface StoredTile {
  readonly cells: Uint8Array
  /** Cells along a side. */
  readonly side: number
  /** Whether any of its cells is unguarded: only then is there anything to mark. */
  readonly hasUnguarded: boolean
  /** When it was painted, as its user counts time. */
  readonly paintedAt: number
}

/** What an entry costs besides its cells, roughly. */
const ENTRY_BYTES = 160

export class TileStore {
  private readonly maxBytes: number
  /** In order of use, the oldest first (a Map iterates in order of insertion). */
  private readonly tiles = new Map<number, StoredTile>()
  private used = 0

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get bytes(): number {
    return this.used
  }

  /** Counts as a use of it. */
  get(key: number): StoredTile | undefined {
    const found = this.tiles.get(key)
    if (!found) return undefined
    this.tiles.delete(key)
    this.tiles.set(key, found)
    return found
  }

  put(key: number, tile: StoredTile): void {
    this.drop(key)
    this.tiles.set(key, tile)
    this.used += tile.cells.length + ENTRY_BYTES
    for (const oldest of this.tiles.keys()) {
      if (this.used <= this.maxBytes) break
      this.drop(oldest)
    }
  }

  clear(): void {
    this.tiles.clear()
    this.used = 0
  }

  private drop(key: number): void {
    const found = this.tiles.get(key)
    if (!found) return
    this.used -= found.cells.length + ENTRY_BYTES
    this.tiles.delete(key)
  }
}
