import { describe, expect, it } from 'vitest'
import { makeScene, makeWindows } from '../testing/map-scene.ts'
import { heldWords } from './draw-captions.ts'
import { frameOf } from './map-scene.ts'
import { Held } from '../lib/held.ts'
import { FRAME, isInDanger, wrongWords } from './window-hold.ts'

const VIEWPORT = { width: 400, height: 400, x: 0, y: 0, scale: 1 }

/** One window's frame, and the words in danger over it. */
function drawn(held: number, lost: number, lockedOut: number, withoutList?: string) {
  const windows = makeWindows(1, () => held)
  windows.lost[0] = lost
  windows.unguarded[0] = lost + lockedOut
  const scene = { ...makeScene(1, VIEWPORT, () => 0, windows), withoutList }
  const [words] = heldWords(scene, 0, held)
  return { frame: frameOf(scene, 0), words }
}

describe('how a window is held', () => {
  it('is framed by what is lost before all else, and says both', () => {
    expect(drawn(Held.fragments, 2, 0)).toEqual({ frame: FRAME.refused, words: 'fragments, 2 lost' })
    expect(drawn(Held.fragments, 2, 5)).toEqual({
      frame: FRAME.refused,
      words: 'fragments, 2 lost, 5 locked out',
    })
    expect(drawn(Held.kept, 1, 0)).toEqual({ frame: FRAME.refused, words: 'kept, 1 lost' })
    expect(drawn(Held.refused, 0, 0)).toEqual({ frame: FRAME.refused, words: 'refused' })
    expect(drawn(Held.fragments, 0, 5)).toEqual({ frame: FRAME.lockedOut, words: 'fragments, locked out' })
    expect(drawn(Held.nothing, 3, 0, 'unchecked')).toEqual({ frame: FRAME.nothing, words: 'unchecked' })
  })

  it('is said in ever fewer words, of which what is lost goes last', () => {
    const windows = makeWindows(1, () => Held.fragments)
    windows.lost[0] = 1
    windows.unguarded[0] = 3
    expect(
      heldWords(
        makeScene(1, VIEWPORT, () => 0, windows),
        0,
        Held.fragments,
      ),
    ).toEqual(['fragments, 1 lost, 2 locked out', 'fragments, 1 lost', '1 lost'])
  })

  it('is in danger exactly where something is wrong with it', () => {
    for (const held of [Held.nothing, Held.fragments, Held.cached, Held.kept])
      for (const [lost, lockedOut] of [
        [0, 0],
        [1, 0],
        [0, 1],
      ] as const) {
        const hold = { held, lost, lockedOut }
        expect(isInDanger(hold)).toBe(lost + lockedOut > 0)
        expect(wrongWords(hold).length > 0).toBe(isInDanger(hold))
      }
    expect(isInDanger({ held: Held.refused, lost: 0, lockedOut: 0 })).toBe(true)
  })
})
