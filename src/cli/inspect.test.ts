/** `inspect` against real qemu-img, on every number they share. */
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse, parseNumberAndBigInt } from 'lossless-json'
import { afterAll, expect, test } from 'vitest'
import { BROKEN_PLANS, SOUND_PLANS } from '../testing/image-plans.ts'
import { ImageFolder, type ImagePlan, mustRun, qemuCheck } from '../testing/qemu.ts'
import { inspectCommand } from './inspect.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

interface Inspected {
  readonly [key: string]: unknown
  readonly check: Record<string, number>
  readonly structures: readonly { type: string; offset: number; length: number; owner: string }[]
}

async function inspect(...args: string[]): Promise<string> {
  let text = ''
  await inspectCommand.run(args, { write: more => (text += more) })
  return text
}

const inspectJson = async (file: string): Promise<Inspected> =>
  JSON.parse(await inspect(file, '--json')) as Inspected

/**
 * What of QEMU's answer has a counterpart in ours, and our counterpart. Its name for the file, the disk
 * usage and what only the key or the LUKS header's own fields tell are not compared.
 */
async function expectInfo(file: string, ours: Inspected, ...args: string[]): Promise<void> {
  const theirs = JSON.parse(await mustRun('qemu-img', ['info', '--output=json', ...args, file])) as Inspected
  for (const key of ['virtual-size', 'cluster-size', 'format', 'dirty-flag', 'encrypted', 'backing-filename'])
    expect([key, ours[key]]).toEqual([key, theirs[key]])
  const { encrypt, ...data } = (theirs['format-specific'] as { data: Record<string, unknown> }).data
  const specific = ours['format-specific'] as { data: Record<string, unknown> }
  expect(specific.data).toMatchObject(data)
  expect((specific.data['encrypt'] as { format: string } | undefined)?.format).toBe(
    (encrypt as { format: string } | undefined)?.format,
  )
  const snapshots = (theirs['snapshots'] ?? []) as object[]
  expect(ours['snapshots']).toMatchObject(snapshots)
}

async function expectCheck(ours: Inspected, ...args: string[]): Promise<void> {
  const theirs = await qemuCheck(args)
  for (const [key, value] of Object.entries(ours.check)) expect([key, value]).toEqual([key, theirs[key] ?? 0])
}

const openable = (plan: ImagePlan) => !plan.name.includes('L1 unaligned')

test.concurrent.each([...SOUND_PLANS, ...BROKEN_PLANS.filter(openable)])(
  '$name',
  { timeout: 120_000 },
  async plan => {
    const file = await folder.make(plan)
    const ours = await inspectJson(file)
    await expectInfo(file, ours)
    await expectCheck(ours, file)
    expect(ours['file-size']).toBe(readFileSync(file).length)
  },
)

test('backing file, named and not opened', async () => {
  const base = await folder.make({ name: 'base', size: '8M' })
  const file = await folder.make({
    name: 'overlay',
    size: '8M',
    options: `backing_file=${base},backing_fmt=qcow2`,
  })
  const ours = await inspectJson(file)
  await expectInfo(file, ours)
  expect(ours['backing-filename-format']).toBe('qcow2')
})

test('external data file', async () => {
  const data = `${folder.path}/data.raw`
  const file = await folder.make({
    name: 'data-file',
    size: '8M',
    options: `data_file=${data},data_file_raw=on`,
    steps: ['write 0 1M'],
  })
  const ours = await inspectJson(file)
  await expectInfo(file, ours)
  await expectCheck(ours, file)
})

test('LUKS', async () => {
  // A bundled one: qemu-img measures its own time to make such an image, and fails where that is short.
  const file = `${folder.path}/luks.qcow2`
  const sample = new URL('../../public/samples/luks.qcow2.gz', import.meta.url)
  writeFileSync(file, gunzipSync(readFileSync(sample)))
  const secret = ['--object', 'secret,id=key,data=secret']
  const opened = `driver=qcow2,file.filename=${file},encrypt.key-secret=key`
  const ours = await inspectJson(file)
  await expectInfo(file, ours)
  await expectCheck(ours, ...secret, '--image-opts', opened)
  expect(ours.structures.find(({ type }) => type === 'LUKS header')?.length).toBeGreaterThan(65536)
})

test('integers are exact where a Number would round them', async () => {
  const file = await folder.make({
    name: 'far',
    size: '8M',
    steps: ['write 0 64k'],
    patch: bytes => bytes.setBigUint64(Number(bytes.getBigUint64(48)) + 8, 0x7fffffffffff0000n),
  })
  const json = parse(await inspect(file, '--json'), null, parseNumberAndBigInt) as Inspected
  expect(json.structures.map(({ offset }) => BigInt(offset))).toContain(0x7fffffffffff0000n)
})

test('every structure is listed with place, length and owner', async () => {
  const file = await folder.make({
    name: 'structures',
    size: '8M',
    steps: [
      'write 0 64k',
      ['snapshot', '-c', 'one', 'FILE'],
      'write 0 64k',
      ['bitmap', '--add', 'FILE', 'day'],
    ],
  })
  const { structures } = await inspectJson(file)
  expect(
    structures.map(({ type, offset, length, owner }) => `${type} ${offset / 65536} ${length} ${owner}`),
  ).toEqual([
    'main header 0 65536 image',
    'refcount table 1 65536 image',
    'snapshot table 7 68 image',
    'active L1 table 3 8 active disk',
    'active L2 table 8 65536 active disk',
    'refcount block 2 65536 image',
    'inactive L1 table 6 8 snapshot one',
    'inactive L2 table 4 65536 snapshot one',
    'bitmap directory 11 32 image',
    'bitmap table 10 8 bitmap day',
  ])
  const text = await inspect(file)
  expect(text).toContain('active L2 table [0], active disk')
  expect(text).toContain('No problems.')
})

test('a bad image is named in the error', async () => {
  await expect(inspect(new URL(import.meta.url).pathname)).rejects.toThrow(
    /inspect\.test\.ts: .*Image is not in qcow2 format/,
  )
})
