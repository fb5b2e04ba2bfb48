/**
 * Lists longer than a browser can scroll. Elements higher than some 16 to 33 million pixels are cut off, and a
 * million rows are 24. So the scrolled element is hardly higher than MOST_PIXELS, and a pixel of it stands for several
 * of the list's.
 */
import type { Virtualizer } from '@tanstack/react-virtual'

export const MOST_PIXELS = 8_000_000

type ListVirtualizer = Virtualizer<HTMLDivElement, Element>

/**
 * @param total the list's height, were it drawn whole
 * @returns list pixels for each scrolled pixel; 1 for lists that fit
 */
export const scrollFactor = (total: number): number => Math.max(1, total / MOST_PIXELS)

/**
 * @param viewport the height of what is seen of the list
 * @returns how high the scrolled element has to be for its end to be the list's
 */
export function scrolledHeight(total: number, viewport: number): number {
  const hidden = Math.max(0, total - viewport)
  return hidden / scrollFactor(total) + (total - hidden)
}

/** For react-virtual's options: scrolled pixels in, list pixels out, and the other way round. */
export function scaledScrolling(factor: number) {
  return {
    observeElementOffset(virtualizer: ListVirtualizer, report: (offset: number, scrolling: boolean) => void) {
      const element = virtualizer.scrollElement
      if (!element) return undefined
      const onScroll = () => report(element.scrollTop * factor, false)
      onScroll()
      element.addEventListener('scroll', onScroll, { passive: true })
      return () => element.removeEventListener('scroll', onScroll)
    },
    scrollToFn(offset: number, _options: object, virtualizer: ListVirtualizer) {
      virtualizer.scrollElement?.scrollTo({ top: offset / factor })
    },
  }
}
