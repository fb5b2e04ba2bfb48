import { describe, expect, it } from 'vitest'
import { parseScript } from '../commands/parse-script.ts'
import { GENERATORS, parseWorkload } from './index.ts'

const MIB = 2n ** 20n

const linesOf = (text: string) => {
  const { generator, count, seed } = parseWorkload(text)
  return [...generator.lines({ count, diskSize: 64n * MIB, seed })]
}

describe.each(GENERATORS)('$name', generator => {
  it.each([512n, 5000n, 64n * MIB, 2n ** 50n + 512n])('stays within a disk of %s bytes', diskSize => {
    const text = [...generator.lines({ count: 500, diskSize, seed: 3 })].join('\n')
    const lines = parseScript(text)
    expect(lines.filter(({ error }) => error)).toEqual([])
    const writes = lines
      .flatMap(({ commands }) => commands)
      .flatMap(command => (command.kind === 'write' ? [command] : []))
    expect(writes).toHaveLength(500)
    for (const { offset, length } of writes) {
      expect(length > 0n && offset + length <= diskSize).toBe(true)
      expect([offset % 512n, length % 512n]).toEqual([0n, 0n])
    }
  })

  it('is the same for the same seed, and another for another', () => {
    const [once, again, other] = [1, 1, 2].map(seed => linesOf(`${generator.name}:100:${seed}`))
    expect(again).toEqual(once)
    expect(other).not.toEqual(once)
  })

  it('makes no more than is asked for', () => {
    const lines = generator.lines({ count: Number.MAX_SAFE_INTEGER, diskSize: 64n * MIB, seed: 0 })
    expect(lines.next().value).toMatch(/^write -P \d+ \d+ \d+$/)
  })

  it('has nothing for an empty disk', () => {
    expect([...generator.lines({ count: 10, diskSize: 0n, seed: 0 })]).toEqual([])
  })
})

const rangesOf = (lines: readonly string[]) =>
  lines.filter(line => line.startsWith('write')).map(line => line.split(' ').slice(3).map(Number))

it('writes sequentially: each where the last ended, or at the start again', () => {
  const ranges = rangesOf(linesOf('sequential:2000'))
  for (const [at, [offset]] of ranges.entries()) {
    const [before = 0, length = 0] = ranges[at - 1] ?? []
    expect([0, before + length]).toContain(offset)
  }
  expect(ranges.filter(([offset]) => offset === 0).length).toBeGreaterThan(1)
})

it('writes at random all over the disk', () => {
  const eighths = new Set(rangesOf(linesOf('random:200')).map(([offset = 0]) => Math.floor(offset / 2 ** 23)))
  expect([...eighths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

it('flushes after every entry of a database’s log, and has hot pages', () => {
  const lines = linesOf('database:4000')
  const inLog = (line: string | undefined) => (rangesOf([line ?? ''])[0]?.[0] ?? Infinity) < 2 ** 22
  const logged = lines.flatMap((line, at) => (inLog(line) ? [lines[at + 1]] : []))
  expect(new Set(logged)).toEqual(new Set(['flush']))
  const pages = rangesOf(lines.filter(line => !inLog(line)))
  const hot = pages.filter(([offset = 0]) => offset < 2 ** 22 + 60 * 2 ** 20 * 0.1)
  expect(hot.length / pages.length).toBeGreaterThan(0.85)
})

it('flushes while booting', () => {
  const lines = linesOf('boot:300')
  expect(lines.filter(line => line === 'flush').length).toBeGreaterThan(30)
  expect(new Set(rangesOf(lines).map(([, length = 0]) => length > 32768))).toEqual(new Set([false]))
})

it('keeps the newest four snapshots', () => {
  const lines = linesOf('snapshots:320')
  const kept = new Set<string>()
  let most = 0
  for (const [verb, option, name = ''] of lines.map(line => line.split(' '))) {
    if (verb !== 'snapshot') continue
    if (option === '-c') kept.add(name)
    else kept.delete(name)
    most = Math.max(most, kept.size)
  }
  expect([...kept]).toEqual(['workload-7', 'workload-8', 'workload-9', 'workload-10'])
  expect(most).toBe(5)
})

it.each([
  ['rondom', "There is no workload 'rondom'"],
  ['random:many', "'many' is no count of writes"],
  ['random:0', "'0' is no count of writes"],
  ['random:1:4294967296', "'4294967296' is no seed"],
  ['random:1:2:3', "'random:1:2:3' has too many parts"],
])('refuses %s', (text, message) => {
  expect(() => parseWorkload(text)).toThrow(message)
})
