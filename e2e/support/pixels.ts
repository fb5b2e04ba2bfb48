/** What the map's canvas shows, by its pixels. */
import type { Page } from '@playwright/test'

/** How many pixels of the map have the colour of this token. */
export function countPixels(page: Page, token: string): Promise<number> {
  return page.evaluate(name => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-panel="map"] canvas')!
    const value = getComputedStyle(canvas).getPropertyValue(`--${name}`)
    const wanted = Number.parseInt(value.slice(1), 16)
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let i = 0; i < data.length; i += 4)
      if (((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!) === wanted) count++
    return count
  }, token)
}
