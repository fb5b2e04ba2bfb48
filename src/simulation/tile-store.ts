/** Painted tiles that may be wanted again; the one unused for longest goes first. */
export interface StoredTile {
  readonly cells: Uint8Array
  /** Cells along a side. */
  readonly side: number
  /** Whether all of its cells are the same. */
  readonly isUniform: boolean
  /** Whether any of its cells is unguarded: only then is there anything to mark. */
  readonly hasUnguarded: boolean
  /** By which the most severe of many clusters was chosen. */
  readonly severities: Uint8Array | undefined
  /** When it was painted, as its user counts time. */
  readonly paintedAt: number
}

/** What an entry costs besides its cells, roughly. */
const ENTRY_BYTES = 160

interface Entry {
  readonly tile: StoredTile
  usedAt: number
}

export class TileStore {
  private readonly maxBytes: number
  private readonly tiles = new Map<number, Entry>()
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
  get(key: number): StoredTile | undefined {
    const found = this.tiles.get(key)
    if (!found) return undefined
    found.usedAt = ++this.time
    return found.tile
  }

  put(key: number, tile: StoredTile): void {
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
