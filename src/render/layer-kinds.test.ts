import { describe, expect, it } from 'vitest'
import { cellGuard, cellOf, cellOwner, Guard, isUnguarded } from '../lib/cells.ts'
import { CELLS } from '../lib/layer-cells.ts'
import { LAYERS } from '../lib/layers.ts'
import { Owner, OWNERS } from '../lib/owners.ts'
import { problemValue, Wrong } from '../lib/problem-value.ts'
import { testPalette, readTestToken } from '../testing/map-scene.ts'
import { countKind, hiddenBut, isUnguardedKind, layerKinds, mutedCells } from './layer-kinds.ts'
import { makePalette } from './palette.ts'

const CHECKED = 0x7f

/** Cells that the simulation makes: guards are of metadata, and values are the layer's own. */
const ownerCells = OWNERS.flatMap(({ code }) =>
  (code >= Owner.header ? Object.values(Guard) : [Guard.none]).flatMap(guard => [
    cellOf(code, guard),
    cellOf(code, guard, true),
  ]),
)

describe.each(LAYERS)('the legend of layer %s', layer => {
  const kinds = layerKinds(layer, CHECKED)

  it('names every kind once, with a look of its own', () => {
    expect(new Set(kinds.map(({ id }) => id)).size).toBe(kinds.length)
    expect(new Set(kinds.map(({ text }) => text)).size).toBe(kinds.length)
    const looks = kinds.map(({ look, sign }) => JSON.stringify([look.colour, look.glyph, look.pattern, sign]))
    expect(new Set(looks).size).toBe(kinds.length)
  })

  it('shows all as long as nothing is hidden, and what is unguarded until it is hidden itself', () => {
    expect(mutedCells(kinds, [])).toEqual(new Uint8Array(CELLS))
    const all = kinds.filter(kind => !isUnguardedKind(kind)).map(({ id }) => id)
    const unguarded = Array.from({ length: CELLS }, (_, cell) => cell).filter(cell =>
      isUnguarded(cellGuard(cell)),
    )
    expect(unguarded.filter(cell => mutedCells(kinds, all)[cell])).toEqual([])
    expect(unguarded.filter(cell => !mutedCells(kinds, ['lost', 'locked-out'])[cell])).toEqual([])
    expect(unguarded.filter(cell => mutedCells(kinds, ['lost'])[cell])).toEqual(
      unguarded.filter(cell => cellGuard(cell) === Guard.lost),
    )
  })

  it('leaves one kind when only that is to be seen', () => {
    for (const kind of kinds) {
      const muted = mutedCells(kinds, hiddenBut(kinds, kind))
      const seen = Array.from({ length: CELLS }, (_, cell) => cell).filter(
        cell =>
          !muted[cell] &&
          isUnguarded(cellGuard(cell)) === isUnguardedKind(kind) &&
          kinds.some(each => isUnguardedKind(each) === isUnguardedKind(kind) && each.matches(cell)),
      )
      expect(seen.filter(cell => !kind.matches(cell))).toEqual([])
      expect(seen.length).toBeGreaterThan(0)
    }
  })
})

describe('counting kinds', () => {
  it('sums the cells of a kind, its unguarded ones among them', () => {
    const counts = new Float64Array(CELLS)
    for (const [i, cell] of ownerCells.entries()) counts[cell] = i + 1
    for (const kind of layerKinds('owner', CHECKED)) {
      let sum = 0
      for (const [i, cell] of ownerCells.entries()) if (kind.matches(cell)) sum += i + 1
      expect(countKind(kind, counts)).toBe(sum)
    }
    const l2 = layerKinds('owner', CHECKED).find(({ id }) => id === 'activeL2')!
    expect(l2.matches(cellOf(Owner.activeL2, Guard.lost))).toBe(true)
  })

  it('puts every owner’s cluster into one kind of protection', () => {
    const kinds = layerKinds('protection', CHECKED).filter(({ id }) => id !== 'problem')
    for (const cell of ownerCells) expect(kinds.filter(kind => kind.matches(cell))).toHaveLength(1)
  })

  it('counts a cluster with two problems as both', () => {
    const cell = cellOf(
      problemValue(Owner.guestData, Wrong.claimedTwice | Wrong.refcountWrong),
      Guard.none,
      true,
    )
    const of = layerKinds('problem', CHECKED).filter(kind => kind.matches(cell))
    expect(of.map(({ id }) => id)).toEqual(['claimedTwice', 'refcountWrong'])
  })
})

it('a filtered palette fades what is hidden, takes its signs away, and leaves the rest as it was', () => {
  const whole = testPalette('owner')
  const muted = mutedCells(layerKinds('owner', CHECKED), ['activeL2', 'problem', 'lost'])
  const filtered = makePalette(readTestToken, 'owner', CHECKED, muted)
  for (const cell of ownerCells) {
    const isHidden =
      cellGuard(cell) === Guard.lost || (cellOwner(cell) === Owner.activeL2 && !isUnguarded(cellGuard(cell)))
    expect(filtered.muted[cell]).toBe(isHidden ? 1 : 0)
    expect(filtered.flat[cell] === whole.flat[cell]).toBe(!isHidden)
    expect(filtered.glyphs[cell]).toBe(isHidden ? '' : whole.glyphs[cell])
    expect(filtered.prominent[cell]).toBe(isHidden ? 0 : whole.prominent[cell])
  }
  expect(filtered.flat[cellOf(Owner.activeL2, Guard.lost)]).not.toBe(filtered.danger)
})
