import { expect, it } from 'vitest'
import { TypedLines } from './typed-lines.ts'

it('goes back to what was typed, and forth again to what was being typed', () => {
  const lines = new TypedLines()
  expect(lines.older('draft')).toBeUndefined()
  for (const line of ['one', 'two', 'two', 'three']) lines.add(line)
  expect([lines.older('draft'), lines.older('three'), lines.older('two'), lines.older('one')]).toEqual([
    'three',
    'two',
    'one',
    undefined,
  ])
  expect([lines.newer(), lines.newer(), lines.newer(), lines.newer()]).toEqual([
    'two',
    'three',
    'draft',
    undefined,
  ])
})
