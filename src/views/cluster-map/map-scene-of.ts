/** What a report shows on the map. */
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import { WINDOW_CLUSTERS } from '../../lib/units.ts'
import type { Layout } from '../../render/layout.ts'
import type { MapScene } from '../../render/map-scene.ts'
import type { TileCache } from '../../render/tile-cache.ts'
import type { ImageSummary, Outcome, RunReport } from '../../simulation/report.ts'

export function sceneOf(report: RunReport, image: ImageSummary, layout: Layout, tiles: TileCache): MapScene {
  return {
    layout,
    tiles,
    windows: report.windows,
    fileClusters: image.fileClusters,
    withoutList: withoutList(report.outcome),
  }
}

/** What to say of every window where there is no list to hold any. */
export function withoutList(outcome: Outcome): string | undefined {
  if (outcome.kind === 'refused') return 'not opened'
  if (outcome.kind === 'unchecked') return 'unchecked'
  return outcome.kind === 'off' ? 'not checked' : undefined
}

/** The words over a window's tile that depend on the image and on the engine's clock. */
export function captionTexts({
  report,
  image,
}: {
  readonly report: RunReport | undefined
  readonly image: ImageSummary | undefined
}) {
  const bytes = BigInt(WINDOW_CLUSTERS) * BigInt(image?.clusterSize ?? 0)
  return {
    offsetOf: (window: number) => (window === 0 ? '0' : formatBytes(BigInt(window) * bytes)),
    ageOf: (window: number) => ageText(report, window),
  }
}

/** When a cached window was last used, by the engine's clock: the stamp itself, as in QEMU's own dumps. */
export const ageText = (report: RunReport | undefined, window: number): string =>
  `age ${formatCount(report?.windows.age[window] ?? 0)}`
