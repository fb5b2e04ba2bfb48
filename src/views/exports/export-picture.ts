/** Saves what the map shows, with legend and caption. */
import { Cancelled } from '../../lib/cancel.ts'
import { exportSize, paintExport, type PictureExport, svgExport } from '../../render/export-picture.ts'
import { legendEntries } from '../../render/legend-entries.ts'
import type { ColouredPicture } from '../../render/trace-picture.ts'
import { sessionStore } from '../../state/session-store.ts'
import { simulator } from '../../state/simulator.ts'
import { WorkerLost } from '../../state/simulator-client.ts'
import { uiStore } from '../../state/ui-store.ts'
import { FONT } from '../cluster-map/map-painter.ts'
import { offsetText, sceneOf, subjectOf } from '../cluster-map/map-scene-of.ts'
import { mapStore } from '../cluster-map/map-store.ts'
import { download } from '../parts/download.ts'
import { exportName } from './export-name.ts'
import { pictureCaption } from './picture-caption.ts'

export type PictureFormat = 'png' | 'svg'

/** Pixels of the picture a CSS pixel of the page. */
const RATIO = 2

const SOURCES = {
  file: 'a file, read in the browser',
  recipe: 'a synthetic image',
  sample: 'a bundled sample',
  scenario: 'a scenario',
} as const

export async function exportPicture(format: PictureFormat): Promise<void> {
  const { notify } = uiStore.getState()
  try {
    const input = await currentPicture()
    if (!input) return
    const name = exportName(input.footer.caption[0] ?? '', `map.${format}`)
    if (format === 'png') {
      download(await pngOf(input), name)
      return
    }
    const { text, isEmbedded } = await svgExport(contextOf(1, 1), input, dataUrlOf)
    download(new Blob([text], { type: 'image/svg+xml' }), name)
    if (isEmbedded) notify('The view has too many cells for shapes: in the SVG, the map itself is a picture.')
  } catch (error) {
    // An image that is no longer open has no picture; of a lost worker the page tells.
    if (error instanceof Cancelled || error instanceof WorkerLost) return
    notify(`The picture was not exported: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Everything that is to be drawn; the one place that asks the map for it. */
async function currentPicture(): Promise<PictureExport | undefined> {
  const state = sessionStore.getState()
  const { image, report, choice, run } = state
  const subject = subjectOf(state)
  const view = mapStore.getState().map?.exportView(RATIO)
  if (!view || !image || !report || !subject) return undefined
  const { layout, viewport, palette, read } = view
  const { layers } = await simulator.request({
    type: 'picture-layers',
    run,
    view: { layout, viewport, ratio: RATIO },
    palette,
  })
  const { counts } = await simulator.request({ type: 'layer-counts', run, layer: palette.layer })
  return {
    scene: sceneOf(layers, subject),
    layers,
    palette,
    read,
    ratio: RATIO,
    font: FONT,
    offsetOf: window => offsetText(image, window),
    footer: {
      legend: legendEntries(palette, counts, report.outcome.kind),
      caption: pictureCaption(
        {
          image,
          report,
          source: choice ? SOURCES[choice.kind] : 'an image',
          layer: palette.layer,
          isFiltered: palette.muted.includes(1),
        },
        layout,
        viewport,
      ),
    },
  }
}

async function pngOf(input: PictureExport): Promise<Blob> {
  const { width, height } = exportSize(contextOf(1, 1), input)
  const context = contextOf(width, height)
  paintExport(context, input, picture => context.putImageData(imageOf(picture), 0, 0))
  return blobOf(context)
}

async function dataUrlOf(picture: ColouredPicture): Promise<string> {
  const context = contextOf(picture.width, picture.height)
  context.putImageData(imageOf(picture), 0, 0)
  return context.canvas.toDataURL('image/png')
}

/** @throws Error where the browser has no memory for a picture of that size */
const blobOf = ({ canvas }: CanvasRenderingContext2D): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob(blob => {
      if (blob) resolve(blob)
      else reject(new Error('the browser could not make a picture of this size'))
    }, 'image/png')
  })

function imageOf({ width, height, pixels }: ColouredPicture): ImageData {
  const image = new ImageData(width, height)
  new Uint32Array(image.data.buffer).set(pixels)
  return image
}

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser has no 2D canvas')
  return context
}
