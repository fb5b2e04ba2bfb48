/** Checking files that are far longer than what is in them, as the real QEMU does. */
import { readFileSync, truncateSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { Overlay } from '../disk/overlay.ts'
import { SparseSource } from '../disk/sparse-source.ts'
import { repairDirty } from '../simulation/open-driver.ts'
import { DEFAULT_OPTIONS } from '../simulation/run-options.ts'
import { Session } from '../simulation/session.ts'
import { dumpImage } from '../testing/image-dump.ts'
import { ImageFolder, runTool } from '../testing/qemu.ts'
import { simulatedBatch, simulatedRunner } from '../testing/simulated-batch.ts'
import { parseLine, parseScript } from '../workload/commands/parse-script.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

/** What a check of these bytes says, in a file of this size. */
async function checked(bytes: Uint8Array, size: number, line: string): Promise<string[]> {
  const runner = await simulatedRunner(new Overlay(new SparseSource(size, [{ offset: 0, bytes }])))
  const output: string[] = []
  for (const command of parseLine(line)) output.push(...(await runner.run(command)).lines)
  return output
}

/** The same of the real file, which is lengthened with a hole. */
async function reallyChecked(file: string, size: number, args: readonly string[]): Promise<string[]> {
  truncateSync(file, size)
  const { stdout, stderr } = await runTool('qemu-img', ['check', ...args, file])
  return `${stdout}${stderr}`.trimEnd().split('\n')
}

it('gives up at more clusters than QEMU counts, in its words', async () => {
  const file = await folder.make({ name: 'small-clusters', size: '1M', options: 'cluster_size=512' })
  const bytes = new Uint8Array(readFileSync(file))
  for (const [line, args] of [
    ['check', []],
    ['check -r all', ['-r', 'all']],
  ] as const) {
    const expected = ['qemu-img: Check failed: File too large']
    expect(await reallyChecked(file, 2 ** 40, args)).toEqual(expected)
    expect(await checked(bytes, 2 ** 40, line)).toEqual(expected)
    expect(await checked(bytes, 2 ** 53 - 512, line)).toEqual(expected)
  }
})

it('keeps an image that was in use from being opened, in the same words', async () => {
  const bytes = new Uint8Array(
    readFileSync(await folder.make({ name: 'dirty', size: '1M', options: 'cluster_size=512' })),
  )
  const { driver } = await simulatedRunner(new Overlay(new SparseSource(2 ** 40, [{ offset: 0, bytes }])))
  expect(() => repairDirty(driver)).toThrow('Could not repair dirty image: File too large')
})

it('opens an image that was in use, though not all in it can be repaired, as QEMU does', async () => {
  const file = await folder.make({
    name: 'unaligned',
    size: '64M',
    options: 'lazy_refcounts=on',
    steps: ['write -P 1 0 64k', 'write -P 2 64k 64k'],
    patch: bytes => {
      const l2 = Number(bytes.getBigUint64(Number(bytes.getBigUint64(40))) & 0xfffffffffffe00n)
      bytes.setBigUint64(l2, bytes.getBigUint64(l2) + 512n)
      bytes.setUint8(79, bytes.getUint8(79) | 1)
    },
  })
  const bytes = new Uint8Array(readFileSync(file))
  const source = new SparseSource(bytes.length, [{ offset: 0, bytes }])
  const session = await Session.open(source, { seconds: 0n, microseconds: 0 }, { source: () => source })
  session.runUnder(DEFAULT_OPTIONS)
  const outputs: string[] = []
  const commands = ['read -P 2 64k 64k', 'write -P 3 2M 64k']
  await session.runCommands(parseScript(commands.join('\n')), {
    onEntry: ({ output }) => void outputs.push(...output),
  })
  const { code, stdout } = await runTool('qemu-io', [
    '-f',
    'qcow2',
    ...commands.flatMap(each => ['-c', each]),
    file,
  ])
  expect(code).toBe(0)
  expect(outputs[0]).toBe(stdout.split('\n')[0])
  // As both leave it when they close it: marked as clean, and with every refcount written.
  const left = session.settled()
  expect(Buffer.compare(Buffer.from(left.readSync(0, left.size)), readFileSync(file))).toBe(0)
})

const entryOf = (bytes: DataView, offset: number) => Number(bytes.getBigUint64(offset) & 0x00fffffffffffe00n)
const firstL2 = (bytes: DataView) => entryOf(bytes, entryOf(bytes, 40))

it.each([
  ['entry for zeros that is not aligned', '', (bytes: DataView) => bytes.setUint8(firstL2(bytes) + 6, 2)],
  [
    'extended entry for zeros that is not aligned',
    'extended_l2=on',
    (bytes: DataView) => bytes.setUint8(firstL2(bytes) + 6, 2),
  ],
  ['entry for data that is not aligned', '', (bytes: DataView) => bytes.setUint8(firstL2(bytes) + 14, 2)],
  [
    'refcount block past the end of the file',
    '',
    (bytes: DataView) => bytes.setBigUint64(entryOf(bytes, 48) + 8, 100n << 16n),
  ],
])('repairs an %s as QEMU does', async (name, options, patch) => {
  const steps = ['write -P 1 0 64k', 'write -z 0 64k', 'write -P 2 64k 64k']
  const file = await folder.make({ name, size: '64M', ...(options && { options }), steps, patch })
  const bytes = readFileSync(file)
  const ours = await simulatedBatch(bytes, { tool: 'qemu-img', commands: ['check -r all'] })
  const { stdout } = await runTool('qemu-img', ['check', '-r', 'all', file])
  expect(ours.output).toEqual(stdout.split('\n').filter(line => line !== ''))
  // QEMU punches holes where clusters became free.
  expect(dumpImage(ours.image)).toEqual(dumpImage(readFileSync(file)))
})

it('repairs an image whose refcount block lies farther away than any file reaches', async () => {
  const file = await folder.make({
    name: 'far',
    size: '1M',
    options: 'cluster_size=512',
    patch: bytes => bytes.setBigUint64(512 + 8, 2n ** 50n),
  })
  const bytes = new Uint8Array(readFileSync(file))
  // As QEMU 7.2 has it on ext4, whose files end before that; elsewhere it depends on the machine's memory.
  expect((await checked(bytes, bytes.length, 'check -r all')).filter(line => line !== '')).toEqual([
    'The following inconsistencies were found and repaired:',
    '    0 leaked clusters',
    '    1 corruptions',
    'Double checking the fixed image now...',
    'No errors were found on the image.',
    'Image end offset: 3072',
  ])
})

it.each([
  ['nothing is wrong', undefined],
  ['a cluster in use is counted by nobody, and all refcounts are made anew', 0x20008],
  ['a cluster is leaked', 0x20020],
])(
  'says of a long file what QEMU says where %s',
  async (_, poked) => {
    const steps = ['write -P 1 0 128k']
    const file = await folder.make({
      name: `long-${poked}`,
      size: '64M',
      steps,
      patch: bytes => {
        if (poked !== undefined) bytes.setUint16(poked, poked === 0x20008 ? 0 : 1)
      },
    })
    const bytes = new Uint8Array(readFileSync(file))
    // 2^25 clusters, the last of which are in no block's range: enough for QEMU, which goes through them one by one.
    const expected = await reallyChecked(file, 2 ** 41, ['-r', 'all'])
    // Without what is told of single clusters.
    const told = expected.filter(line => !/^$|^(ERROR|Leaked|Repairing|Rebuilding)/.test(line))
    const said = async (size: number) =>
      (await checked(bytes, size, 'check -r all')).filter(line => line !== '')
    expect(await said(2 ** 41)).toEqual(told)
    // 2^29 clusters of which five are in use.
    const before = performance.now()
    expect(await said(2 ** 45)).toEqual(told)
    expect(performance.now() - before).toBeLessThan(5000)
  },
  60_000,
)
