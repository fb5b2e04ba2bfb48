import { describe, expect, it } from 'vitest'
import { chooseCaption } from './draw-captions.ts'
import { chooseCallouts } from './draw-overlay.ts'
import type { Mark } from './marks.ts'

const measure = (text: string) => text.length * 7
const choose = (room: number) => chooseCaption('3', 'refused', '768 MiB', room, measure)

describe('chooseCaption', () => {
  it('says as much as fits, and the window’s number to the last', () => {
    expect(choose(300)).toEqual({ name: 'Window 3', held: 'refused', offset: '768 MiB' })
    expect(choose(120)).toEqual({ name: 'Window 3', held: 'refused', offset: '' })
    expect(choose(70)).toEqual({ name: '3', held: 'refused', offset: '' })
    expect(choose(60)).toEqual({ name: 'Window 3', held: '', offset: '' })
    expect(choose(8)).toEqual({ name: '3', held: '', offset: '' })
    expect(choose(5)).toBeUndefined()
  })

  it('never takes more room than there is', () => {
    for (let room = 0; room < 300; room++) {
      const caption = choose(room)
      const width = caption ? measure(caption.name + caption.held + caption.offset) : 0
      expect(width).toBeLessThanOrEqual(room)
    }
  })
})

const mark = (x0: number, side = 2): Mark => ({
  x0,
  y0: 0,
  x1: x0 + side,
  y1: side,
  cell: 0,
  place: { window: 0, level: 0, column: 0, row: 0 },
})

describe('chooseCallouts', () => {
  it('lets neighbours share a circle that holds them all', () => {
    expect(chooseCallouts([mark(0), mark(4), mark(200)], 3, 9, 30)).toEqual([
      { x0: 0, y0: 0, x1: 6, y1: 2 },
      expect.objectContaining({ x0: 200, x1: 202 }),
    ])
  })

  it('draws none where cells are large, or where there are too many', () => {
    expect(chooseCallouts([mark(0, 12)], 1, 9, 30)).toEqual([])
    const many = Array.from({ length: 40 }, (_, i) => mark(i * 100))
    expect(chooseCallouts(many, many.length, 9, 30)).toEqual([])
  })
})
