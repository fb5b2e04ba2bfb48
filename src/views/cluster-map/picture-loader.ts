/** Has pictures of the map made: one at a time, and of those wished for meanwhile only the newest. */
import { Cancelled } from '../../lib/cancel.ts'
import type { MapPicture, PictureView } from '../../render/map-picture.ts'
import type { Palette } from '../../render/palette.ts'
import { sameViewport } from '../../render/viewport.ts'
import { type SimulatorClient, WorkerLost } from '../../state/simulator-client.ts'
import type { RunId } from '../../worker/protocol.ts'

/** A view of a state of an image. */
export interface PictureWish {
  readonly run: RunId
  readonly revision: number
  readonly view: PictureView
  readonly palette: Palette
}

export interface PictureHooks {
  onPicture(picture: MapPicture, wish: PictureWish): void
  onFailure(error: unknown): void
}

export class PictureLoader {
  private readonly client: SimulatorClient
  private readonly hooks: PictureHooks
  /** The wish that is being fulfilled, or was last. */
  private latest: PictureWish | undefined
  private waiting: PictureWish | undefined
  private busy = false
  /** The palette that the worker has. */
  private sent: Palette | undefined
  private spare: ArrayBuffer | undefined

  constructor(client: SimulatorClient, hooks: PictureHooks) {
    this.client = client
    this.hooks = hooks
  }

  /** To be called whenever the map is looked at: what was asked for already is not asked for again. */
  want(wish: PictureWish): void {
    const before = this.waiting ?? this.latest
    if (before && sameWish(before, wish)) return
    if (this.busy) this.waiting = wish
    else void this.fetch(wish)
  }

  /** Forgets the last picture, so that it is made again. */
  forget(): void {
    this.waiting = undefined
    this.latest = undefined
  }

  /** Gives back the pixels of a picture that is no longer needed. */
  recycle(buffer: ArrayBuffer): void {
    this.spare = buffer
  }

  private async fetch(wish: PictureWish): Promise<void> {
    this.busy = true
    this.latest = wish
    const { run, view, palette } = wish
    const buffer = this.spare
    this.spare = undefined
    const request = {
      type: 'picture',
      run,
      view,
      ...(palette === this.sent ? {} : { palette }),
      ...(buffer ? { buffer } : {}),
    } as const
    this.sent = palette
    try {
      const { picture } = await this.client.request(request, undefined, buffer ? [buffer] : [])
      // Another image may have been opened since; of the same one, an older picture is better than none.
      if ((this.waiting ?? wish).run === run && this.latest === wish) this.hooks.onPicture(picture, wish)
    } catch (error) {
      if (error instanceof WorkerLost) this.sent = undefined
      // A cancelled answer belongs to an image that is no longer open; a lost worker is told elsewhere.
      else if (!(error instanceof Cancelled)) this.hooks.onFailure(error)
    } finally {
      this.busy = false
      const next = this.waiting
      this.waiting = undefined
      if (next) void this.fetch(next)
    }
  }
}

const sameWish = (a: PictureWish, b: PictureWish): boolean =>
  a.run === b.run &&
  a.revision === b.revision &&
  a.palette === b.palette &&
  a.view.layer === b.view.layer &&
  a.view.ratio === b.view.ratio &&
  a.view.layout.columns === b.view.layout.columns &&
  a.view.layout.count === b.view.layout.count &&
  sameViewport(a.view.viewport, b.view.viewport) &&
  // A small map that is not wanted (any more) is no reason for another picture.
  (b.view.small === undefined || (a.view.small !== undefined && sameViewport(a.view.small, b.view.small)))
