/** What the page knows of the map: the picture, and what is written over it. */
import { formatBytes } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { LetteredPicture } from '../../render/map-picture.ts'
import { type MapScene, withoutList } from '../../render/map-scene.ts'
import type { ImageSummary } from '../../simulation/report.ts'
import type { SessionState } from '../../state/session-store.ts'

/** Which image the map is of. */
export interface MapSubject {
  readonly run: number
  readonly revision: number
  readonly windows: number
  readonly fileClusters: number
  /** Undefined while its tables are still being read. */
  readonly image: ImageSummary | undefined
  readonly withoutList: string | undefined
  readonly hasUnguarded: boolean
}

/** @returns the image that is being opened, as soon as its outline is known; else the one that is open */
export function subjectOf({
  opening,
  run,
  revision,
  report,
  image,
}: Pick<SessionState, 'opening' | 'run' | 'revision' | 'report' | 'image'>): MapSubject | undefined {
  if (opening?.outline) {
    const { windows, fileClusters } = opening.outline
    const unknown = { image: undefined, withoutList: '', hasUnguarded: false }
    return { run: opening.run, revision: 0, windows, fileClusters, ...unknown }
  }
  if (!report || !image) return undefined
  return {
    run,
    revision,
    windows: report.windows.count,
    fileClusters: image.fileClusters,
    image,
    withoutList: withoutList(report.outcome),
    hasUnguarded: report.coverage.unguarded > 0,
  }
}

const NO_WINDOWS = {
  count: 0,
  window: new Uint32Array(),
  cell: new Uint8Array(),
  refused: new Uint8Array(),
}

const NO_CELLS = { cells: new Uint8Array(), unguarded: new Uint32Array(), changes: 0 }

/** The windows that the picture names, and the cells that it bears letters on. */
export function sceneOf({ layout, windows, lettered }: LetteredPicture, subject: MapSubject): MapScene {
  const tiles = new Map(lettered.map(({ window, cells }) => [window, { cells, side: 64 }]))
  return {
    layout,
    windows,
    cells: { tile: window => tiles.get(window), block: () => NO_CELLS, windowCells: () => NO_WINDOWS },
    fileClusters: subject.fileClusters,
    withoutList: subject.withoutList,
    hasUnguarded: subject.hasUnguarded,
  }
}

/** Where in the file a window starts, as people read it. */
export const offsetText = (image: ImageSummary, window: number): string =>
  window === 0 ? '0' : formatBytes(BigInt(window) * BigInt(WINDOW_CLUSTERS) * BigInt(image.clusterSize))
