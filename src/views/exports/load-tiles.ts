/** Fetches all that a picture needs of the map's tiles, before it is drawn. */
import type { Layer } from '../../lib/layers.ts'
import type { MapScene } from '../../render/map-scene.ts'
import { MAX_LEVEL } from '../../render/tile-cache.ts'
import { isDense, tilePixels } from '../../render/tile-pixels.ts'
import { type Viewport, visibleTiles } from '../../render/viewport.ts'
import { blocksOf, rangesOf, wantedBlocks } from '../../render/wanted-blocks.ts'
import type { SimulatorClient } from '../../state/simulator-client.ts'

/** Blocks of 4096 cells in one request. */
const BLOCKS_A_REQUEST = 128

/** @throws what the client's requests throw */
export async function loadTiles(
  client: SimulatorClient,
  { run, revision }: { readonly run: number; readonly revision: number },
  layer: Layer,
  { layout, tiles }: MapScene,
  viewport: Viewport,
): Promise<void> {
  const level = isDense(viewport) ? MAX_LEVEL : tilePixels(layout, viewport).level
  const missing = wantedBlocks(layout, visibleTiles(layout, viewport), level).filter(
    block => !tiles.use(level, block, revision),
  )
  for (let from = 0; from < missing.length; from += BLOCKS_A_REQUEST) {
    const ranges = rangesOf(missing.slice(from, from + BLOCKS_A_REQUEST), level, layout.count)
    const reply = await client.request({ type: 'tiles', run, layer, level, ranges })
    for (const { block, cells } of blocksOf(reply.ranges, level, reply.cells))
      tiles.put(level, block, reply.revision, cells)
  }
}
