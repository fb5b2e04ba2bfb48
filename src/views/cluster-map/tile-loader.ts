/** Fetches the tiles that the map lacks, and only those in sight: one request at a time. */
import { Cancelled } from '../../lib/cancel.ts'
import { CELLS_OF } from '../../lib/layer-cells.ts'
import type { Layer } from '../../lib/layers.ts'
import type { Layout } from '../../render/layout.ts'
import type { TileCache } from '../../render/tile-cache.ts'
import type { TileRange } from '../../render/viewport.ts'
import { blocksOf, rangesOf, wantedBlocks } from '../../render/wanted-blocks.ts'
import { type SimulatorClient, WorkerLost } from '../../state/simulator-client.ts'
import type { RunId } from '../../worker/protocol.ts'

/** What is in sight, of which state of which image. */
export interface TileWish {
  readonly run: RunId
  readonly revision: number
  readonly layout: Layout
  readonly level: number
  readonly visible: TileRange
}

/** Blocks of 4096 cells in one request: enough for a screen, and answered within a frame or two. */
const BLOCKS_A_REQUEST = 128

export class TileLoader {
  private readonly client: SimulatorClient
  private readonly tiles: TileCache
  private readonly onArrival: () => void
  private readonly onFailure: (error: unknown) => void
  private run: RunId = 0
  private layer: Layer = 'owner'
  private filter: { readonly muted?: Uint8Array } = {}
  /** Counts changes of layer and filter: what was asked for before is of no use then. */
  private wish = 0
  private busy = false
  /** State of which tiles could not be had; asking again would fail again. */
  private failed: string | undefined

  constructor(
    client: SimulatorClient,
    tiles: TileCache,
    onArrival: () => void,
    onFailure: (error: unknown) => void,
  ) {
    this.client = client
    this.tiles = tiles
    this.onArrival = onArrival
    this.onFailure = onFailure
  }

  /** Tiles of any other run are forgotten. @returns whether it was another one */
  setRun(run: RunId): boolean {
    if (run === this.run) return false
    this.run = run
    this.tiles.clear(this.layer, this.filter.muted)
    return true
  }

  /**
   * Tiles of any other layer are forgotten, unless its cells are the same, and those of another filter.
   * @param muted by cell, 1 for what is filtered out
   */
  setLayer(shown: Layer, muted: Uint8Array): void {
    const layer = CELLS_OF[shown]
    const filter = muted.includes(1) ? { muted } : {}
    if (layer === this.layer && !filter.muted && !this.filter.muted) return
    this.layer = layer
    this.filter = filter
    this.wish++
    this.tiles.clear(layer, muted)
  }

  /**
   * Asks for what is missing or out of date. To be called whenever the map is drawn: an arrival leads to
   * another drawing, and so to the next request, until nothing is missing.
   */
  want(wish: TileWish): void {
    const blocks = wantedBlocks(wish.layout, wish.visible, wish.level)
    const missing = blocks.filter(block => !this.tiles.use(wish.level, block, wish.revision))
    if (missing.length === 0 || this.busy || this.failed === stateOf(wish)) return
    this.busy = true
    void this.fetch(wish, missing.slice(0, BLOCKS_A_REQUEST))
  }

  private async fetch(wish: TileWish, blocks: readonly number[]): Promise<void> {
    const { run, level, layout } = wish
    const { layer, filter, wish: asked } = this
    const ranges = rangesOf(blocks, level, layout.count)
    try {
      const reply = await this.client.request({ type: 'tiles', run, layer, ...filter, level, ranges })
      if (run === this.run && asked === this.wish)
        for (const { block, cells } of blocksOf(reply.ranges, level, reply.cells))
          this.tiles.put(level, block, reply.revision, cells)
    } catch (error) {
      this.failed = stateOf(wish)
      // A cancelled answer belongs to an image that is no longer shown; a lost worker is told elsewhere.
      if (!(error instanceof Cancelled || error instanceof WorkerLost)) this.onFailure(error)
    } finally {
      this.busy = false
      this.onArrival()
    }
  }
}

const stateOf = ({ run, revision }: TileWish): string => `${run} ${revision}`
