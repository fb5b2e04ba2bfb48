import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { caseText, goldenLines, traceNames } from '../testing/golden.ts'
import { runTool } from './tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'overlapscope-tool-'))
afterAll(() => rmSync(folder, { recursive: true }))

const golden = (name: string): string => fileURLToPath(new URL(`../testing/golden/${name}`, import.meta.url))

/** Runs the tool as a shell would. */
async function tool(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const status = await runTool(args, { write: text => (out += text) }, { write: text => (err += text) })
  return { status, out, err }
}

describe('trace', () => {
  it('prints what the original printed', async () => {
    const v6 = await tool('trace', golden('engine/0001.in.gz'))
    expect(v6.out.trimEnd().split('\n')).toEqual(goldenLines('engine', '0001.out.gz'))
    const [name] = traceNames('engine-v4')
    const v4 = await tool('trace', '--engine', 'v4', golden(`engine-v4/${name}.in.gz`))
    expect(v4.out.trimEnd().split('\n')).toEqual(goldenLines('engine-v4', `${name}.out.gz`))
  })

  it('writes a NAME.out for each file', async () => {
    const { status, out } = await tool('trace', '--out', folder, golden('engine/0002.in.gz'))
    expect([status, out]).toEqual([0, ''])
    const written = readFileSync(join(folder, '0002.out'), 'utf8')
    expect(written.trimEnd().split('\n')).toEqual(goldenLines('engine', '0002.out.gz'))
  })

  it('says in one line which line of which file is no call', async () => {
    const file = join(folder, 'bad.in')
    writeFileSync(file, 'C 16 255 65536 65536 -1\nx 1 2 3\n')
    const { status, err } = await tool('trace', file)
    expect(status).toBe(1)
    expect(err).toContain('bad.in: line 2: "x 1 2 3" is not a call')
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('replay', () => {
  it('writes the same file as the recorder where no commands follow', async () => {
    await tool('replay', '--out', folder, golden('qemu/0009.json'))
    expect(readFileSync(join(folder, '0009.json'), 'utf8').trimEnd()).toBe(caseText('0009').trimEnd())
  })
})

describe('run', () => {
  const image = golden('qemu/0009.qcow2.gz')
  const options = '{"overlap-structures": {"total-size-limit": 300}}'

  it('prints events as QEMU sends them, for the device or else the node', async () => {
    const { status, out } = await tool('run', image, '--options', options, '--node-name', 'disk')
    const [first = ''] = out.split('\n')
    expect(status).toBe(0)
    expect(first).toMatch(
      /^\{"event": "QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED", "data": \{"reference": "disk", "start": 0, "length": 268435456\}, "timestamp": \{"seconds": \d+, "microseconds": \d+\}\}$/,
    )
    const asDevice = await tool('run', image, '--options', options, '--device', 'virtio0')
    expect(asDevice.out).toContain('"reference": "virtio0"')
  })

  it('ends with 1 and the series’ own words when the list cannot be made', async () => {
    const tight = '{"overlap-structures": {"total-size-limit": "55"}}'
    const { status, out, err } = await tool('run', image, '--options', tight)
    expect([status, out]).toEqual([1, ''])
    expect(err).toContain('Cannot allocate metadata list')
    const anyway = await tool('run', image, '--options', tight, '--open-unchecked')
    expect(anyway.status).toBe(0)
    expect(anyway.out).toMatch(/"data": \{"reference": "drv0"\}, "timestamp"/)
  })

  it('refuses options in QEMU’s words', async () => {
    const { status, err } = await tool('run', image, '--options', '{"overlap-check": "some"}')
    expect(status).toBe(1)
    expect(err).toContain("Unsupported value 'some' for qcow2 option 'overlap-check'")
  })

  it('prints the state at the end when asked', async () => {
    const { out } = await tool('run', image, '--options', options, '--state')
    expect(out.trimEnd().split('\n').at(-1)).toMatch(
      /^\{"type": "state", "after": "blockdev-add", "mem_usage": /,
    )
  })
})

describe('bench', () => {
  it('counts what a trace does', async () => {
    const file = join(folder, 'small.in')
    writeFileSync(file, 'C 16 255 268435456 4096 152\ne 0 1 4\nk 0 131072 0\n')
    const { out } = await tool('bench', file)
    expect(JSON.parse(out)).toMatchObject({ ops: 2, events: 3, memUsage: 92 })
  })

  it('says of a trace whose list cannot be made why, and goes on to the next', async () => {
    const files = [55, 440].map(limit => {
      const file = join(folder, `limit-${limit}.in`)
      writeFileSync(file, `C 16 255 268435456 4096 ${limit}\nk 0 65536 0\n`)
      return file
    })
    const { status, out } = await tool('bench', ...files)
    expect(status).toBe(0)
    expect(
      out
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toMatchObject([
      { ops: 0, events: 0, memUsage: 0, error: 'Cannot allocate metadata list' },
      { ops: 1, events: 1 },
    ])
  })
})

it.each([
  [[]],
  [['frobnicate']],
  [['trace']],
  [['trace', '--engine', 'v5', 'x.in']],
  [['run']],
  [['run', 'a', '--device', 'x', '--node-name', 'y']],
  [['run', 'a', '--frob']],
  [['inspect']],
])('%j is wrong usage: status 2, and the usage is told', async args => {
  const { status, out, err } = await tool(...args)
  expect([status, out]).toEqual([2, ''])
  expect(err).toMatch(/usage: overlapscope/)
})

it.each([
  ['run', join(folder, 'missing.qcow2')],
  ['inspect', join(folder, 'missing.qcow2')],
  ['trace', join(folder, 'missing.in')],
  ['replay', join(folder, 'missing.json')],
])('%s of a missing file: status 1, one line that names it', async (command, file) => {
  const { status, err } = await tool(command, file)
  expect(status).toBe(1)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
  expect(err).toContain(file)
})
