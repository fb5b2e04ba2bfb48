/**
 * The map as a picture of its own, with legend and caption: pixels for a PNG, or shapes for an SVG. Both come from
 * the code that draws the map on the page, so neither can say anything else than that.
 */
import type { ReadToken } from './colours.ts'
import { drawCaptions, heldWords } from './draw-captions.ts'
import { drawGlyphs } from './draw-glyphs.ts'
import { drawCallout } from './draw-overlay.ts'
import { drawFooter, type Footer, footerHeight, type FooterStyle } from './export-footer.ts'
import type { MapLayers } from './map-layers.ts'
import type { MapScene } from './map-scene.ts'
import type { Palette } from './palette.ts'
import { escapeXml, type Pen, SvgPen } from './svg-pen.ts'
import { type ColouredPicture, cssOfPixel, tracePicture } from './trace-picture.ts'

export interface PictureExport {
  /** What its windows are named by. */
  readonly scene: MapScene
  /** In the export's own pixels: `ratio` of them a CSS pixel. */
  readonly layers: MapLayers
  readonly palette: Palette
  readonly ratio: number
  readonly font: string
  readonly read: ReadToken
  /** Where in the file a window starts, as people read it. */
  readonly offsetOf: (window: number) => string
  readonly footer: Footer
}

/** An SVG of more rectangles than this keeps its viewer busy for seconds. */
export const MAX_RECTS = 200_000

/** @param pen any canvas; it is asked how wide letters are. @returns the whole picture's size in pixels */
export function exportSize(
  pen: Pen,
  input: PictureExport,
): { readonly width: number; readonly height: number } {
  const { width, height } = input.layers.viewport
  return { width, height: height + footerHeight(pen, input.footer, styleOf(input), width) }
}

/**
 * Draws the picture onto a canvas of exportSize.
 * @param put hands over the map's pixels, to be drawn at the canvas's corner before anything else is
 */
export function paintExport(
  context: CanvasRenderingContext2D,
  input: PictureExport,
  put: (picture: ColouredPicture) => void,
): void {
  context.fillStyle = cssOfPixel(input.palette.page)
  context.fillRect(0, 0, context.canvas.width, context.canvas.height)
  put(pictureOf(input.layers, 'pixels'))
  drawLettering(context, input)
}

export interface SvgExport {
  readonly text: string
  /** Whether the cells are an embedded picture: there were too many for shapes. */
  readonly isEmbedded: boolean
}

/**
 * @param ruler any canvas
 * @param pngOf makes a data URL of a picture, for maps of too many cells
 */
export async function svgExport(
  ruler: Pen,
  input: PictureExport,
  pngOf: (picture: ColouredPicture) => Promise<string>,
): Promise<SvgExport> {
  const { layers, palette, ratio, footer } = input
  const { viewport } = layers
  const { width, height } = exportSize(ruler, input)
  const drawn = traced(layers, palette.page)
  const pen = new SvgPen(ruler)
  drawLettering(pen, input)
  const title = footer.caption[0] ?? ''
  const image =
    drawn ??
    `<image width="${viewport.width}" height="${viewport.height}" href="${await pngOf(pictureOf(layers, 'pixels'))}"/>`
  const text = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width / ratio}" height="${height / ratio}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(footer.caption.slice(1).join(' '))}</desc>`,
    drawn ? '' : '<!-- The map has too many cells for shapes: they are a picture. -->',
    `<rect width="${width}" height="${height}" fill="${cssOfPixel(palette.page)}"/>`,
    image,
    pen.toString(),
    '</svg>',
    '',
  ]
    .filter((line, index, all) => line !== '' || index === all.length - 1)
    .join('\n')
  return { text, isEmbedded: !drawn }
}

/** @returns undefined where that would be too many shapes */
function traced(layers: MapLayers, page: number): string | undefined {
  const groups: string[] = []
  let left = MAX_RECTS
  for (const [id, blank] of [
    ['cells', page],
    ['frames', 0],
    ['unguarded', 0],
  ] as const) {
    const layer = tracePicture(pictureOf(layers, id), blank, left)
    if (!layer) return undefined
    left -= layer.rects
    const paths = Array.from(
      layer.paths,
      ([colour, data]) => `<path fill="${cssOfPixel(colour)}" d="${data}"/>`,
    )
    groups.push(`<g id="${id}" shape-rendering="crispEdges">`, ...paths, '</g>')
  }
  return groups.join('\n')
}

const pictureOf = (
  layers: MapLayers,
  name: 'pixels' | 'cells' | 'frames' | 'unguarded',
): ColouredPicture => ({
  width: layers.viewport.width,
  height: layers.viewport.height,
  pixels: layers[name],
})

const styleOf = ({ font, read, ratio }: PictureExport): FooterStyle => ({ font, read, ratio })

/** All that is no cell, frame or mark: letters, call-outs, legend and caption. */
function drawLettering(pen: Pen, input: PictureExport): void {
  const { scene, layers, palette, ratio, font, read, offsetOf, footer } = input
  const { viewport } = layers
  // The map's own code asks for a whole canvas; a pen has all that it uses of one.
  const context = pen as CanvasRenderingContext2D
  drawGlyphs(context, scene, viewport, palette, { font, ratio })
  const [text, muted, faint, danger] = ['text', 'muted', 'faint', 'danger'].map(read) as [
    string,
    string,
    string,
    string,
  ]
  const style = { font, ratio, text, muted, faint, danger }
  drawCaptions(context, scene, viewport, style, {
    offsetOf,
    heldOf: (window, held) => heldWords(scene, window, held),
  })
  for (const callout of layers.callouts) drawCallout(pen, callout, { danger, ratio })
  pen.textAlign = 'left'
  pen.fillStyle = cssOfPixel(palette.page)
  // What reaches over the map's lower edge must not run into the legend.
  pen.fillRect(0, viewport.height, viewport.width, footerHeight(pen, footer, styleOf(input), viewport.width))
  drawFooter(pen, footer, styleOf(input), viewport.height, viewport.width)
}
