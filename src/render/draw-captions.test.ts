import { describe, expect, it } from 'vitest'
import { chooseCaption, drawCaptions } from './draw-captions.ts'
import { makeWindows } from '../testing/map-scene.ts'

const measure = (text: string) => text.length * 7
const choose = (room: number) => chooseCaption('3', ['refused'], '768 MiB', room, measure)

describe('chooseCaption', () => {
  it('says as much as fits, and the window’s number to the last', () => {
    expect(choose(300)).toEqual({ name: 'Window 3', held: 'refused', offset: '768 MiB' })
    expect(choose(120)).toEqual({ name: 'Window 3', held: 'refused', offset: '' })
    expect(choose(70)).toEqual({ name: '3', held: 'refused', offset: '' })
    expect(choose(60)).toEqual({ name: 'Window 3', held: '', offset: '' })
    expect(choose(8)).toEqual({ name: '3', held: '', offset: '' })
    expect(choose(5)).toBeUndefined()
  })

  it('says less before it says nothing of how the window is held', () => {
    const held = ['fragments, locked out', 'locked out']
    const chosen = (room: number) => chooseCaption('3', held, '768 MiB', room, measure)
    expect(chosen(165)).toEqual({ name: '3', held: 'fragments, locked out', offset: '' })
    expect(chosen(150)).toEqual({ name: 'Window 3', held: 'locked out', offset: '' })
    expect(chosen(100)).toEqual({ name: '3', held: 'locked out', offset: '' })
  })

  it('never takes more room than there is', () => {
    for (let room = 0; room < 300; room++) {
      const caption = choose(room)
      const width = caption ? measure(caption.name + caption.held + caption.offset) : 0
      expect(width).toBeLessThanOrEqual(room)
    }
  })
})

/** What is written where on a map of four windows, as a log of drawing. */
const write = (x: number, y: number, plate?: string, windows = makeWindows(4)) => {
  const texts: { text: string; x: number; y: number }[] = []
  let plates = 0
  const context = {
    measureText: (text: string) => ({ width: measure(text) }),
    fillText: (text: string, at: number, line: number) => text && texts.push({ text, x: at, y: line }),
    fillRect: () => plates++,
  }
  const layout = { count: 4, columns: 2, rows: 2 }
  const scene = {
    layout,
    windows,
    cells: { tile: () => undefined, windowCells: () => ({}) },
    fileClusters: 4 * 4096,
    withoutList: undefined,
    hasUnguarded: false,
  }
  const viewport = { width: 800, height: 600, scale: 10, x, y }
  const colours = { text: '#000', muted: '#111', faint: '#222', danger: '#f00' }
  drawCaptions(
    context as unknown as CanvasRenderingContext2D,
    scene as unknown as Parameters<typeof drawCaptions>[1],
    viewport,
    { font: 'x', ...colours, ...(plate ? { plate } : {}), ratio: 1 },
    { offsetOf: window => `${window} MiB`, heldOf: () => ['fragments'] },
  )
  return { texts, plates }
}

describe('drawCaptions', () => {
  it('names a tile above what is seen of it', () => {
    // Tile 0 begins left of the picture, tile 1 ends right of it.
    const { texts, plates } = write(20, -5)
    expect(texts.find(({ text }) => text === 'Window 0')?.x).toBe(4)
    expect(texts.find(({ text }) => text === 'Window 1')?.x).toBe((72 - 20) * 10)
    expect(texts.find(({ text }) => text === '1 MiB')?.x).toBe(800 - 4)
    expect(plates).toBe(0)
  })

  it('names a tile whose upper edge is out of sight within it, on a plate, where plates are wanted', () => {
    const { texts, plates } = write(0, 30, '#fff')
    expect(texts.filter(({ text }) => text.startsWith('Window')).map(({ text }) => text)).toEqual([
      'Window 0',
      'Window 1',
      'Window 2',
      'Window 3',
    ])
    const within = texts.filter(({ text }) => /^Window [01]$/.test(text))
    expect(within.map(({ y }) => y)).toEqual([16, 16])
    expect(plates).toBe(2)
    // No plate where it could hide what is unguarded.
    const unguarded = { ...makeWindows(4), unguarded: Uint16Array.of(0, 1, 0, 0) }
    expect(write(0, 30, '#fff', unguarded).plates).toBe(1)
    expect(write(0, 30).texts.map(({ text }) => text)).not.toContain('Window 0')
  })
})
