import { describe, expect, it } from 'vitest'
import { chooseCaption } from './draw-captions.ts'

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
