import { useRef } from 'react'
import { usePreferences } from '../../state/preferences-store.ts'
import { useSession } from '../../state/session-store.ts'
import { describeMap } from './describe.ts'
import { MAP_KEYS } from './focus.ts'
import { describeLayer } from './describe-layer.ts'
import { MapLegend } from './map-legend.tsx'
import { MapLive } from './map-live.tsx'
import { MapZoom } from './map-zoom.tsx'
import { MapToolbar } from './map-toolbar.tsx'
import { useLayerCounts } from './use-layer-counts.ts'
import { useMapController } from './use-map-controller.ts'
import { MINI_MAP_POINTER, useMapPointer } from './use-map-pointer.ts'
import './cluster-map.css'

const KEYS =
  'Arrows move the pinned cluster, Shift for eight at once, Control for windows. Home and End go to the ends of the window, Page up and down by a screen, [ and ] from window to window. Plus and minus zoom, 0 shows everything. G finds, F3 finds the next, K goes to the next cluster of the same kind, U to the next unguarded one, L to the next layer. Shift D describes the window. Escape unpins. The question mark lists all keys.'

/** Every cluster of the image, window by window. */
export function ClusterMap() {
  const stage = useRef<HTMLDivElement>(null)
  const base = useRef<HTMLCanvasElement>(null)
  const over = useRef<HTMLCanvasElement>(null)
  const mini = useRef<HTMLCanvasElement>(null)
  useMapController({ stage, base, over, mini })
  const pointer = useMapPointer()
  const layer = usePreferences(state => state.layer)
  const counts = useLayerCounts(layer)
  const report = useSession(state => state.report)
  const image = useSession(state => state.image)
  const opening = useSession(state => state.opening !== undefined)
  const isCoarse = useSession(state => state.opening?.outline !== undefined)
  return (
    <section className="panel" aria-label="Cluster map" data-panel="map">
      <MapToolbar />
      <div className="map-area">
        {/* An application: arrow keys move over it, which no other role with pictures promises. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          ref={stage}
          className="map-stage"
          role="application"
          aria-roledescription="cluster map"
          aria-label="Cluster map"
          aria-describedby="map-summary map-keys"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          data-keys={MAP_KEYS}
          {...pointer}
        >
          <canvas ref={base} role="img" aria-labelledby="map-summary" />
          <canvas ref={over} aria-hidden="true" />
          {!report && !isCoarse && (
            <p className="map-empty empty">
              {opening
                ? 'The map is drawn as soon as the image has been read.'
                : 'No image yet. Open one, drop one here, or choose a scenario: every window of 4096 clusters becomes a tile, and its frame shows how QEMU holds it.'}
            </p>
          )}
        </div>
        {isCoarse && (
          <p className="map-coarse" role="status">
            Coarse: tables are still being read
          </p>
        )}
        {/* All of it can be had by key: this is a shortcut for the hand. */}
        <canvas ref={mini} className="map-mini" aria-hidden="true" {...MINI_MAP_POINTER} />
        <MapZoom />
      </div>
      <MapLegend counts={counts} />
      <p id="map-summary" className="visually-hidden">
        {report
          ? `${describeMap(report, image)} ${describeLayer(layer, counts, report.options.checkedTypes)}`
          : 'No image is open.'}
      </p>
      <p id="map-keys" className="visually-hidden">
        {KEYS}
      </p>
      <MapLive />
    </section>
  )
}
