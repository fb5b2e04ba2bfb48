/** Wheel, pinch, drag and double click on the map, by d3-zoom; and moving it by program. */
import {
  select,
  type Selection,
  zoom,
  type ZoomBehavior,
  zoomIdentity,
  type ZoomTransform,
  zoomTransform,
} from 'd3'

/** How the plane (render/layout.ts) lies on the stage: a point p of it is at k * p + (x, y) CSS pixels. */
export interface Placement {
  readonly k: number
  readonly x: number
  readonly y: number
}

export interface PanZoomHooks {
  /** The placement has changed; `byHand` if by wheel, pointer or touch rather than by program. */
  moved(placement: Placement, byHand: boolean): void
  /** Corrects a placement that would lose the map from sight. */
  constrain(placement: Placement): Placement
  /** How long moves by program may take, in ms; 0 to jump. */
  duration(): number
}

export class PanZoom {
  private readonly stage: Selection<HTMLElement, unknown, null, undefined>
  private readonly zoom: ZoomBehavior<HTMLElement, unknown>
  private readonly hooks: PanZoomHooks
  /** Where it is moving to by itself. */
  private target: Placement | undefined

  constructor(stage: HTMLElement, hooks: PanZoomHooks) {
    this.stage = select<HTMLElement, unknown>(stage)
    this.hooks = hooks
    this.zoom = zoom<HTMLElement, unknown>()
      .constrain(transform => toTransform(hooks.constrain(transform)))
      .on('zoom', (event: { transform: ZoomTransform; sourceEvent: unknown }) =>
        hooks.moved(event.transform, event.sourceEvent !== null && event.sourceEvent !== undefined),
      )
    this.stage.call(this.zoom)
    // Else the browser takes a finger's drag for scrolling.
    stage.style.touchAction = 'none'
  }

  get placement(): Placement {
    return zoomTransform(this.stage.node()!)
  }

  /** Where it will be once it has come to rest: what keys that are pressed in quick succession go on from. */
  get destination(): Placement {
    return this.target ?? this.placement
  }

  /** @param least and most: k may go from one to the other */
  setScaleExtent(least: number, most: number): void {
    this.zoom.scaleExtent([least, most]).duration(this.hooks.duration())
  }

  /** @param smoothly moves within the permitted time rather than at once */
  moveTo(placement: Placement, smoothly: boolean): void {
    const duration = smoothly ? this.hooks.duration() : 0
    const target = toTransform(placement)
    if (duration === 0) {
      this.stage.interrupt().call(this.zoom.transform, target)
      return
    }
    const rest = () => {
      if (this.target === placement) this.target = undefined
    }
    this.target = placement
    this.stage
      .transition()
      .duration(duration)
      .on('end interrupt cancel', rest)
      .call(this.zoom.transform, target)
  }

  /** @returns the zoom nearest to this one that is permitted */
  clampZoom(k: number): number {
    const [least, most] = this.zoom.scaleExtent()
    return Math.min(Math.max(k, least), most)
  }

  destroy(): void {
    this.stage.interrupt().on('.zoom', null)
  }
}

const toTransform = ({ k, x, y }: Placement): ZoomTransform => zoomIdentity.translate(x, y).scale(k)
