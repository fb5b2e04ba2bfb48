import { useRef } from 'react'
import { useSession } from '../../state/session-store.ts'
import { describeMap } from './describe.ts'
import { onMapKeyDown } from './map-keys.ts'
import { MapLegend } from './map-legend.tsx'
import { MapLive } from './map-live.tsx'
import { MapZoom } from './map-zoom.tsx'
import { MapToolbar } from './map-toolbar.tsx'
import { useMapController } from './use-map-controller.ts'
import { MINI_MAP_POINTER, useMapPointer } from './use-map-pointer.ts'
import './cluster-map.css'

const KEYS =
  'Arrows move the pinned cluster, Shift for eight at once. Plus and minus zoom, 0 or Home shows everything, [ and ] go from window to window, U to the next unguarded cluster, Escape unpins.'

/** Every cluster of the image, window by window. */
export function ClusterMap() {
  const stage = useRef<HTMLDivElement>(null)
  const base = useRef<HTMLCanvasElement>(null)
  const over = useRef<HTMLCanvasElement>(null)
  const mini = useRef<HTMLCanvasElement>(null)
  useMapController({ stage, base, over, mini })
  const pointer = useMapPointer()
  const report = useSession(state => state.report)
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
          onKeyDown={onMapKeyDown}
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
      <MapLegend />
      <p id="map-summary" className="visually-hidden">
        {report ? describeMap(report) : 'No image is open.'}
      </p>
      <p id="map-keys" className="visually-hidden">
        {KEYS}
      </p>
      <MapLive />
    </section>
  )
}
