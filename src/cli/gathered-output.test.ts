import { expect, it } from 'vitest'
import { GatheredOutput } from './gathered-output.ts'

it('hands on everything once, in order, and in few pieces', () => {
  const pieces: string[] = []
  const output = new GatheredOutput(text => pieces.push(text))
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`)
  for (const line of lines) output.write(line)
  output.flush()
  output.flush()
  expect(pieces.join('')).toBe(lines.join(''))
  expect(pieces.length).toBeLessThan(10)
})
