import { parse, parseNumberAndBigInt } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { caseImage, caseNames, caseText } from '../testing/golden.ts'
import { type ReplayCase, replay } from './replay.ts'

type GoldenCase = ReplayCase & { expected: unknown[] }

const exact = (text: string): unknown => parse(text, null, parseNumberAndBigInt)
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' || typeof v === 'number' ? `${v}` : v)),
  )

const cases = caseNames().map(name => ({ name, recorded: exact(caseText(name)) as GoldenCase }))
const opening = cases.filter(({ recorded }) => recorded.commands.length === 0)

describe('runs of the original QEMU that only open an image', () => {
  it('are all there', () => expect(opening).toHaveLength(32))

  it.each(opening)('$name comes out identical: events, errors, state', async ({ name, recorded }) => {
    const said = await replay(new MemorySource(caseImage(name)), recorded)
    expect(plain(said)).toEqual(plain(recorded.expected))
  })
})
