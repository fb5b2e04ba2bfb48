import { parse, parseNumberAndBigInt } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import type { ReplayCase } from '../simulation/replay.ts'
import { caseImage, caseNames, caseText } from '../testing/golden.ts'
import { replayCase } from './replay-case.ts'

type GoldenCase = ReplayCase & { expected: unknown[] }

const exact = (text: string): unknown => parse(text, null, parseNumberAndBigInt)
/** Integers as text, so that both kinds of them compare. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' || typeof v === 'number' ? `${v}` : v)),
  )

const cases = caseNames().map(name => ({ name, recorded: exact(caseText(name)) as GoldenCase }))

describe('runs of the original QEMU', () => {
  it('are all there, most of them with commands', () =>
    expect(cases.filter(({ recorded }) => recorded.commands.length > 0)).toHaveLength(48))

  it.each(cases)('$name: events, outputs, errors and states in its order', async ({ name, recorded }) => {
    const said = await replayCase(new MemorySource(caseImage(name)), recorded)
    expect(plain(said)).toEqual(plain(recorded.expected))
  })
})
