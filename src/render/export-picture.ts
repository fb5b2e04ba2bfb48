/**
 * The map as a picture of its own, with legend and caption: pixels for a PNG, or shapes for an SVG. Both come from
 * the code that draws the map on the page, so neither can say anything else than that.
 */
import { chooseCallouts } from './callouts.ts'
import type { ReadToken } from './colours.ts'
import { drawCaptions, heldWords } from './draw-captions.ts'
import { drawFar } from './draw-far.ts'
import { drawFrame } from './draw-frames.ts'
import { drawGlyphs } from './draw-glyphs.ts'
import { drawMap, visibleWindows } from './draw-map.ts'
import { drawMarks } from './draw-marks.ts'
import { drawCallout } from './draw-overlay.ts'
import { drawTile } from './draw-tile.ts'
import { drawFooter, type Footer, footerHeight, type FooterStyle } from './export-footer.ts'
import { frameOf, isRefused, type MapScene } from './map-scene.ts'
import { Marks } from './marks.ts'
import type { Palette } from './palette.ts'
import { fillRect, makePicture, type Picture } from './picture.ts'
import { escapeXml, type Pen, SvgPen } from './svg-pen.ts'
import { isFar, tileOfWindow, tilePixels } from './tile-pixels.ts'
import { cssOfPixel, tracePicture } from './trace-picture.ts'
import type { Viewport } from './viewport.ts'

export interface PictureExport {
  readonly scene: MapScene
  /** In the export's own pixels: `ratio` of them a CSS pixel. */
  readonly viewport: Viewport
  readonly palette: Palette
  readonly ratio: number
  readonly font: string
  readonly read: ReadToken
  readonly texts: { offsetOf(window: number): string; ageOf(window: number): string }
  readonly footer: Footer
}

/** An SVG of more rectangles than this keeps its viewer busy for seconds. */
export const MAX_RECTS = 200_000

/** @param pen any canvas; it is asked how wide letters are. @returns the whole picture's size in pixels */
export function exportSize(
  pen: Pen,
  input: PictureExport,
): { readonly width: number; readonly height: number } {
  const { width, height } = input.viewport
  return { width, height: height + footerHeight(pen, input.footer, styleOf(input), width) }
}

/**
 * Draws the picture onto a canvas of exportSize.
 * @param put hands over the map's pixels, to be drawn at the canvas's corner before anything else is
 */
export function paintExport(
  context: CanvasRenderingContext2D,
  input: PictureExport,
  put: (picture: Picture) => void,
): void {
  const { viewport, palette } = input
  const picture = makePicture(viewport.width, viewport.height)
  const marks = drawMap(picture, input.scene, viewport, palette, input.ratio)
  context.fillStyle = cssOfPixel(palette.page)
  context.fillRect(0, 0, context.canvas.width, context.canvas.height)
  put(picture)
  drawLettering(context, input, marks)
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
  pngOf: (picture: Picture) => Promise<string>,
): Promise<SvgExport> {
  const { viewport, palette, ratio, footer } = input
  const { width, height } = exportSize(ruler, input)
  const layers = drawLayers(input)
  const drawn = traced(layers, palette.page)
  const pen = new SvgPen(ruler)
  drawLettering(pen, input, layers.marks)
  const title = footer.caption[0] ?? ''
  const image =
    drawn ??
    `<image width="${viewport.width}" height="${viewport.height}" href="${await pngOf(flat(input))}"/>`
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

interface Layers {
  readonly cells: Picture
  readonly frames: Picture
  readonly unguarded: Picture
  readonly marks: Marks
}

/** What drawMap paints one over the other, apart. Pixels that nothing was painted on are 0. */
function drawLayers({ scene, viewport, palette, ratio }: PictureExport): Layers {
  const { width, height } = viewport
  const [cells, frames, unguarded] = [0, 1, 2].map(() => makePicture(width, height)) as [
    Picture,
    Picture,
    Picture,
  ]
  const marks = new Marks()
  cells.pixels.fill(palette.page)
  if (isFar(scene.layout, viewport)) drawFar(cells, scene, viewport, palette, marks)
  else {
    const { level, gapX, gapY } = tilePixels(scene.layout, viewport)
    const gap = Math.min(gapX, gapY)
    for (const { window, rect } of visibleWindows(scene, viewport)) {
      const refused = isRefused(scene, window)
      const content = scene.tiles.windowCells(level, window)
      const cellsInFile = scene.fileClusters - window * 4096
      if (content)
        drawTile(cells, { window, rect, level, content, refused, cellsInFile }, palette, ratio, marks)
      else fillRect(cells, rect.x0, rect.y0, rect.x1, rect.y1, refused ? palette.tileRefused : palette.tile)
      if (gap > 0) drawFrame(frames, rect, gap, frameOf(scene, window), palette, ratio)
    }
  }
  drawMarks(unguarded, marks, palette, ratio)
  return { cells, frames, unguarded, marks }
}

/** @returns undefined where that would be too many shapes */
function traced({ cells, frames, unguarded }: Layers, page: number): string | undefined {
  const groups: string[] = []
  let left = MAX_RECTS
  for (const [id, picture, blank] of [
    ['cells', cells, page],
    ['frames', frames, 0],
    ['unguarded', unguarded, 0],
  ] as const) {
    const layer = tracePicture(picture, blank, left)
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

function flat({ scene, viewport, palette, ratio }: PictureExport): Picture {
  const picture = makePicture(viewport.width, viewport.height)
  drawMap(picture, scene, viewport, palette, ratio)
  return picture
}

const styleOf = ({ font, read, ratio }: PictureExport): FooterStyle => ({ font, read, ratio })

/** All that is no cell, frame or mark: letters, call-outs, legend and caption. */
function drawLettering(pen: Pen, input: PictureExport, marks: Marks): void {
  const { scene, viewport, palette, ratio, font, read, texts, footer } = input
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
    offsetOf: texts.offsetOf,
    heldOf: (window, held) => heldWords(scene, window, held, texts.ageOf),
  })
  const tileOf = (window: number) => tileOfWindow(scene.layout, viewport, window)
  for (const callout of chooseCallouts(marks.list, marks.total, { ratio, tileOf }))
    drawCallout(pen, callout, { danger, ratio })
  pen.textAlign = 'left'
  pen.fillStyle = cssOfPixel(palette.page)
  // What reaches over the map's lower edge must not run into the legend.
  pen.fillRect(0, viewport.height, viewport.width, footerHeight(pen, footer, styleOf(input), viewport.width))
  drawFooter(pen, footer, styleOf(input), viewport.height, viewport.width)
}
