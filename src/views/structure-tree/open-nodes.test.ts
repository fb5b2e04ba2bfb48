import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  findNode,
  indexOf,
  type OpenNode,
  openIds,
  placeAt,
  rootNode,
  rowCount,
  withNode,
  withoutNode,
} from './open-nodes.ts'

const open = (root: OpenNode, id: string, row: number, total: number) =>
  withNode(root, { id, row, total, summary: '' })

/** Every row in order, the slow way. */
function listed(node: OpenNode, level = 1): string[] {
  return Array.from({ length: node.total }, (_, row) => {
    const child = node.open.find(each => each.row === row)
    return [`${node.id}|${row}|${level}`, ...(child ? listed(child, level + 1) : [])]
  }).flat()
}

test('rows of open nodes come after them', () => {
  let root = open(rootNode(3), 'l1', 1, 2)
  root = open(root, 'l1/5', 1, 2)
  root = open(root, 'header', 0, 1)
  expect(listed(root)).toEqual([
    '|0|1',
    'header|0|2',
    '|1|1',
    'l1|0|2',
    'l1|1|2',
    'l1/5|0|3',
    'l1/5|1|3',
    '|2|1',
  ])
  expect(openIds(root)).toEqual(['', 'header', 'l1', 'l1/5'])
  expect(rowCount(withoutNode(root, 'l1'))).toBe(4)
  expect(findNode(root, 'l1/5')?.total).toBe(2)
  expect(findNode(root, 'l1/6')).toBeUndefined()
})

test('a row is found by its number, and its number by its place, without a list of rows', () => {
  const steps = fc.array(fc.record({ at: fc.nat(1000), total: fc.nat(6), close: fc.boolean() }), {
    maxLength: 12,
  })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 6 }), (changes, roots) => {
      let root = rootNode(roots)
      for (const { at, total, close } of changes) {
        const { parent, row, node } = placeAt(root, at % rowCount(root))
        if (node && close) root = withoutNode(root, node.id)
        else root = open(root, parent.id === '' ? `n${row}` : `${parent.id}/${row}`, row, total)
      }
      const rows = listed(root)
      expect(rowCount(root)).toBe(rows.length)
      for (const [index, text] of rows.entries()) {
        const { parent, row, level } = placeAt(root, index)
        expect(`${parent.id}|${row}|${level}`).toBe(text)
        expect(indexOf(root, parent.id, row)).toBe(index)
      }
    }),
    { numRuns: 300 },
  )
})

test('a million rows are no more work than one', () => {
  const root = open(rootNode(3), 'l1', 1, 4_000_000)
  expect(rowCount(root)).toBe(4_000_003)
  expect(placeAt(root, 2_000_002)).toMatchObject({ row: 2_000_000, level: 2 })
  expect(placeAt(root, 4_000_002)).toMatchObject({ row: 2, level: 1 })
})

test('what is said anew of a node keeps what is open below it', () => {
  let root = open(open(rootNode(3), 'l1', 1, 5), 'l1/2', 2, 4)
  root = withNode(root, { id: 'l1', row: 2, total: 9, summary: 'nine' })
  expect(findNode(root, 'l1/2')?.total).toBe(4)
  expect(indexOf(root, 'l1/2', 0)).toBe(6)
  expect(indexOf(root, 'l1/7', 0)).toBe(-1)
})
