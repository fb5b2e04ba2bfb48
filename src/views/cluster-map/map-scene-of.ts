/** What the page knows of the map: the picture, and what is written over it. */
import { formatBytes } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { MapPicture } from '../../render/map-picture.ts'
import { type MapScene, withoutList } from '../../render/map-scene.ts'
import type { ImageSummary, RunReport } from '../../simulation/report.ts'

const NO_WINDOWS = { count: 0, window: new Uint32Array(), cell: new Uint8Array(), refused: new Uint8Array() }

/** The windows that the picture names, and the cells that it bears letters on. */
export function sceneOf(
  { layout, windows, lettered }: MapPicture,
  report: RunReport,
  image: ImageSummary,
): MapScene {
  const tiles = new Map(lettered.map(({ window, cells }) => [window, { cells, side: 64 }]))
  return {
    layout,
    windows,
    cells: { tile: (_level, window) => tiles.get(window), windowCells: () => NO_WINDOWS },
    fileClusters: image.fileClusters,
    withoutList: withoutList(report.outcome),
    hasUnguarded: report.coverage.unguarded > 0,
  }
}

/** Where in the file a window starts, as people read it. */
export const offsetText = (image: ImageSummary, window: number): string =>
  window === 0 ? '0' : formatBytes(BigInt(window) * BigInt(WINDOW_CLUSTERS) * BigInt(image.clusterSize))
