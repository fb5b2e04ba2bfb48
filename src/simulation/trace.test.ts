import { describe, expect, it } from 'vitest'
import { goldenLines, traceNames } from '../testing/golden.ts'
import { runTrace } from './trace.ts'

describe.each([
  { folder: 'engine', version: 'v6' },
  { folder: 'engine-v4', version: 'v4' },
] as const)('golden traces of $version', ({ folder, version }) => {
  it.each(traceNames(folder))('%s comes out identical, line for line', name => {
    const output = [...runTrace(goldenLines(folder, `${name}.in.gz`), version)]
    expect(output).toEqual(goldenLines(folder, `${name}.out.gz`))
  })
})

it('names the line that it does not understand', () => {
  expect(() => [...runTrace(['C 16 255 0 65536 -1', 'e 0 x 4'], 'v6')]).toThrow(/line 2: "e 0 x 4"/)
  expect(() => [...runTrace(['k 0 1 0'], 'v6')]).toThrow(/line 1: a trace starts with C/)
})
