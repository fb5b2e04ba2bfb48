import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dumpDifference, dumpImage } from '../testing/image-dump.ts'
import { ImageFolder, mustRun, qemuCheck, runTool as runQemuTool } from '../testing/qemu.ts'
import { runTool } from './tool.ts'

const images = new ImageFolder()
let image = ''
beforeAll(async () => {
  image = await images.make({ name: 'fresh', size: '2G' })
})
afterAll(() => images.remove())

interface Line {
  readonly cmd?: string
  readonly output?: readonly string[]
  readonly event?: string
  readonly type?: string
  readonly scans?: { readonly comparisons: number }
  readonly data?: { readonly [key: string]: unknown }
}

async function run(...args: string[]): Promise<{ status: number; lines: Line[]; err: string }> {
  let out = ''
  let err = ''
  const status = await runTool(
    ['run', ...args],
    { write: text => (out += text) },
    { write: text => (err += text) },
  )
  const lines = out.split('\n').filter(line => line !== '')
  return { status, lines: lines.map(line => JSON.parse(line) as Line), err }
}

const events = (lines: Line[]): number => lines.filter(({ event }) => event !== undefined).length

const commands = (...lines: string[]): string[] => lines.flatMap(line => ['-c', line])

/** QEMU's allocator gives out the cluster behind freed compressed data twice. */
const GIVEN_OUT_TWICE = ['write -c 0 64k', 'write -z -u 0 64k', 'write 1G 64k', 'write -c 128k 64k']

describe('run with commands', () => {
  it('saves what real QEMU would have made, and leaves the image alone', async () => {
    const before = readFileSync(image)
    const saved = join(images.path, 'saved.qcow2')
    const lines = ['write -P 7 64k 200k', 'write -z 1G 1M', 'discard 64k 64k', 'write -c -P 3 3M 64k']
    const { status, lines: said } = await run(
      image,
      ...commands(...lines, 'snapshot -c one'),
      '--save',
      saved,
    )
    expect([status, said.map(({ cmd }) => cmd)]).toEqual([0, [...lines, 'snapshot -c one']])
    expect(readFileSync(image).equals(before)).toBe(true)

    const real = await images.make({ name: 'real', size: '2G', steps: lines })
    const ours = join(images.path, 'ours.qcow2')
    await run(image, ...commands(...lines), '--save', ours)
    expect(dumpDifference(dumpImage(readFileSync(real)), dumpImage(readFileSync(ours)))).toEqual([])
    expect((await qemuCheck([saved])).corruptions ?? 0).toBe(0)
    expect(await mustRun('qemu-img', ['snapshot', '-l', saved])).toContain('one')
  })

  it('refuses what the allocator gave out twice, tells it once, and ends', async () => {
    const { lines } = await run(image, ...commands(...GIVEN_OUT_TWICE, 'read 0 512'))
    const { event, data } = lines[3]!
    expect(event).toBe('BLOCK_IMAGE_CORRUPTED')
    expect(data).toMatchObject({
      device: 'drv0',
      msg: 'Preventing invalid write on metadata (overlaps with active L2 table)',
      fatal: true,
    })
    expect(lines.slice(4).map(({ output }) => output)).toEqual([
      ['write failed: Input/output error'],
      ['read failed: No medium found'],
    ])
  })

  it('destroys the L2 table silently when nothing is checked, as the real QEMU does', async () => {
    const options = ['--options', '{"overlap-check": "none"}']
    // Nothing was ever written there: its entry is one of those that compressed data went over.
    const reading = `read -P 0 ${2 ** 30 + 10 * 65536} 64k`
    const { lines } = await run(image, ...options, ...commands(...GIVEN_OUT_TWICE, 'reopen', reading))
    expect(lines.some(({ event }) => event !== undefined)).toBe(false)

    const real = await images.make({ name: 'unguarded', size: '2G' })
    const opened = ['--image-opts', `driver=qcow2,overlap-check=none,file.filename=${real}`]
    await runQemuTool('qemu-io', [...commands(...GIVEN_OUT_TWICE), ...opened])
    const { stdout } = await runQemuTool('qemu-io', [...commands(reading), ...opened])
    const [said] = stdout.split('\n')
    expect(said).toMatch(/^Pattern verification failed|^read failed/)
    expect(lines.at(-1)?.output?.[0]).toBe(said)
  })

  it('is repaired and opened again, as with qemu-img check -r', async () => {
    const { lines } = await run(
      image,
      ...commands(...GIVEN_OUT_TWICE, 'reopen', 'check -r all', 'write 0 64k', 'read -P 0xcd 0 64k'),
    )
    const outputs = lines.filter(({ cmd }) => cmd !== undefined).map(({ output }) => output?.[0])
    expect(outputs.slice(4)).toEqual([
      "can't open: qcow2: Image is corrupt; cannot be opened read/write",
      expect.stringMatching(/^No errors were found|^The following inconsistencies/),
      'wrote 65536/65536 bytes at offset 0',
      'read 65536/65536 bytes at offset 0',
    ])
  })

  it('says what a line that is no command should have been, and goes on', async () => {
    const { status, lines, err } = await run(image, ...commands('wrote 0 64k', 'write 0 64k'))
    expect(lines.map(({ output }) => output?.[0])).toEqual([
      'command "wrote" not found',
      'wrote 65536/65536 bytes at offset 0',
    ])
    expect([status, err.trimEnd().split('\n').length]).toEqual([1, 1])
  })

  it('checks under qemu-img’s own options: its events are nobody’s', async () => {
    const tight = '{"overlap-structures": {"total-size-limit": 300}}'
    const opened = await run(image, '--options', tight)
    const checked = await run(image, '--options', tight, ...commands('check'))
    expect(events(opened.lines)).toBeGreaterThan(0)
    // Opened for the commands, and again after the check.
    expect(events(checked.lines)).toBe(2 * events(opened.lines))
  })

  it('checks as mainline does, and says what that cost', async () => {
    const { status, lines } = await run(image, '--engine', 'mainline', ...commands(...GIVEN_OUT_TWICE))
    expect(status).toBe(0)
    const answers = lines.filter(({ type }) => type === 'cmd')
    expect(answers.at(-1)?.output).toEqual(['write failed: Input/output error'])
    expect(events(lines)).toBe(1)
    const sum = answers.reduce((total, { scans }) => total + scans!.comparisons, 0)
    // An L1 table of four entries, one refcount block, and three structures: the last check stops at the table's third entry.
    expect(answers.at(-1)?.scans).toEqual({ checks: 1, comparisons: 6, diskReads: 0, bytesRead: 0 })
    expect(lines.at(-1)).toMatchObject({ type: 'scans', comparisons: sum, diskReads: 0 })
    expect((await run(image, '--engine', 'v5')).err).toContain('--engine takes v6, v4 or mainline')
  })

  it('tells the state after each command when asked', async () => {
    const { lines } = await run(image, '--state', ...commands('write 0 64k'))
    expect(lines.map(({ type }) => type)).toEqual(['state', 'cmd', 'state'])
  })

  it('does not save over the image itself', async () => {
    const { status, err } = await run(image, '--save', image)
    expect(status).toBe(1)
    expect(err).toContain('is the image itself')
  })

  it('runs a workload, then a trace, then commands', async () => {
    const trace = join(images.path, 'trace.csv')
    writeFileSync(trace, 'time,offset,length,op\n0,100,400,w\n1,0,512,format\n2,3G,512,w\n3,0,512,r\n')
    const saved = join(images.path, 'worked.qcow2')
    const all = ['--workload', 'random:2:1', '--trace', trace, ...commands('check'), '--save', saved]
    const { status, lines, err } = await run(image, ...all)
    expect(lines.map(({ cmd }) => cmd)).toEqual([
      expect.stringMatching(/^write -P 1 \d+ 4096$/),
      expect.stringMatching(/^write -P 2 \d+ 4096$/),
      'write 0 512',
      '1,0,512,format',
      '2,3G,512,w',
      'read 0 512',
      'check',
    ])
    expect(lines[3]!.output?.[0]).toBe("Line 3 is skipped: 'format' is no operation")
    expect(lines[4]!.output?.[0]).toMatch(/^Line 4 is skipped: .* beyond the disk’s end$/)
    expect([status, err]).toEqual([1, expect.stringContaining('not understood: 1,0,512,format; 2,3G,512,w')])
    expect((await qemuCheck([saved])).corruptions ?? 0).toBe(0)
    const { lines: others } = await run(image, '--trace', trace, '--without-reads')
    expect(others.map(({ cmd }) => cmd)).not.toContain('read 0 512')
  })

  it.each(['sequential', 'random', 'boot', 'database'])(
    'leaves after the workload %s the image that real QEMU would have made',
    async workload => {
      const saved = join(images.path, `${workload}.qcow2`)
      const { status, lines } = await run(image, '--workload', `${workload}:70:5`, '--save', saved)
      const steps = lines.flatMap(({ cmd }) => cmd ?? [])
      const real = await images.make({ name: `real-${workload}`, size: '2G' })
      await mustRun('qemu-io', [...commands(...steps), '-f', 'qcow2', real])
      expect(status).toBe(0)
      expect(dumpDifference(dumpImage(readFileSync(real)), dumpImage(readFileSync(saved)))).toEqual([])
    },
  )

  it('keeps the newest snapshots of a workload, in an image that real QEMU finds sound', async () => {
    const saved = join(images.path, 'snapshots.qcow2')
    // Unchecked: an L2 table that was copied stays recorded as active, and its cluster, given back with the
    // snapshot and given out again, would be refused.
    const unchecked = ['--options', '{"overlap-check": "none"}']
    const { status, lines } = await run(image, ...unchecked, '--workload', 'snapshots:200:5', '--save', saved)
    expect(status).toBe(0)
    expect(lines.flatMap(({ output }) => output ?? []).filter(said => !/^wrote|^4 KiB/.test(said))).toEqual(
      [],
    )
    expect((await qemuCheck([saved])).corruptions ?? 0).toBe(0)
    const listed = await mustRun('qemu-img', ['snapshot', '-l', saved])
    expect(listed.match(/workload-\d+/g)).toEqual(['workload-3', 'workload-4', 'workload-5', 'workload-6'])
  })

  it('refuses a file that is no trace, and a workload that it does not know', async () => {
    const script = join(images.path, 'script.txt')
    writeFileSync(script, 'write 0 64k\n')
    expect((await run(image, '--trace', script)).err).toContain('script.txt: this is no trace')
    expect((await run(image, '--workload', 'rondom')).err).toContain("There is no workload 'rondom'")
  })
})
