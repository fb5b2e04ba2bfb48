/** What becomes of an image when a write would hit metadata, beside what the real QEMU makes of it. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { TEMPLATES } from '../lib/metadata-types.ts'
import { DEFAULT_OVERLAP_OPTIONS } from '../overlap/options.ts'
import { drive } from '../testing/driven-image.ts'
import { ImageFolder, landmarks, runTool } from '../testing/qemu.ts'
import { requestCompressed } from './compressed-request.ts'
import { DriverError, passOver } from './driver-error.ts'
import { closeImage } from './flush.ts'
import { requestFlush, requestRead, requestWrite, requestZeroes } from './requests.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

/** Each takes the refcount away from a cluster that is in use, so that the allocator hands it out. */
const victims = [
  { type: 'qcow2_header', cluster: 0 },
  { type: 'refcount table', cluster: 1 },
  { type: 'refcount block', cluster: 2 },
  { type: 'active L1 table', cluster: 3 },
  { type: 'active L2 table', cluster: 4 },
]

const CORRUPT = 2
const incompatible = (file: Uint8Array): number => file[79]!

describe.each(['1.1', '0.10'])('compat=%s', compat => {
  it.each(victims)('a write that would hit the $type is refused as by QEMU', async ({ type, cluster }) => {
    const file = await folder.make({
      name: `${compat} ${type}`,
      size: '64M',
      options: `compat=${compat}`,
      steps: ['write 0 128k'],
      patch: bytes => bytes.setUint16(landmarks(bytes).refcountBlockOffset + 2 * cluster, 0),
    })
    const original = new Uint8Array(readFileSync(file))
    const { driver, told } = (await drive(new MemorySource(original)))!
    told.length = 0

    const first = passOver(() => requestWrite(driver, 2 ** 20, { fill: 1, length: 65536 }))
    const real = await runTool('qemu-io', ['-c', 'write -P 1 1M 64k', '-c', 'read 0 64k', file])

    const corruptions = told.flatMap(one => (one.kind === 'corrupted' ? [one.corruption] : []))
    expect(corruptions).toEqual([
      {
        message: `Preventing invalid write on metadata (overlaps with ${type})`,
        offset: cluster * 65536,
        size: 65536,
        fatal: true,
      },
    ])
    expect(real.stderr).toContain(`qcow2: Marking image as corrupt: ${corruptions[0]!.message};`)
    expect([first?.errno, real.stdout.split('\n')[0]]).toEqual(['EIO', 'write failed: Input/output error'])

    // Nothing works any more, and nothing more is told.
    const requests = [() => requestRead(driver, 0, 512), () => requestFlush(driver)]
    expect(requests.map(request => passOver(request)?.errno)).toEqual(['ENOMEDIUM', 'ENOMEDIUM'])
    expect(told.filter(({ kind }) => kind === 'corrupted')).toHaveLength(1)
    expect(real.stdout).toContain('read failed: No medium found')

    // The file differs in nothing but the mark; version 2 has no place for it.
    const ours = driver.disk.readSync(0, driver.disk.size)
    expect(incompatible(ours)).toBe(compat === '1.1' ? CORRUPT : 0)
    expect(Buffer.compare(ours, readFileSync(file))).toBe(0)
  })
})

it('lets the same write through when nothing is checked, and the L2 table is gone', async () => {
  const file = await folder.make({
    name: 'unchecked',
    size: '64M',
    steps: ['write -P 7 0 128k'],
    patch: bytes => bytes.setUint16(landmarks(bytes).refcountBlockOffset + 2 * 4, 0),
  })
  const options = { ...DEFAULT_OVERLAP_OPTIONS, checkedTypes: TEMPLATES.none }
  const { driver } = (await drive(new MemorySource(new Uint8Array(readFileSync(file))), options))!
  requestWrite(driver, 2 ** 20, { fill: 1, length: 65536 })
  requestFlush(driver)
  const copy = `${file}.real`
  copyFileSync(file, copy)
  await runTool('qemu-io', [
    '--image-opts',
    `driver=qcow2,file.filename=${copy},overlap-check=none`,
    '-c',
    'write -P 1 1M 64k',
  ])
  writeFileSync(file, driver.disk.readSync(0, driver.disk.size))
  expect(Buffer.compare(readFileSync(file), readFileSync(copy))).toBe(0)
})

it('fails as the block layer does past the end of the disk', async () => {
  const file = await folder.make({ name: 'end', size: '1M' })
  const { driver } = (await drive(new MemorySource(new Uint8Array(readFileSync(file)))))!
  const beyond = () => requestWrite(driver, 2 ** 20 - 512, { fill: 1, length: 1024 })
  expect(beyond).toThrow(DriverError)
  expect(driver.disk.size).toBe(readFileSync(file).length)
})

describe('the allocator that hands out metadata: four commands on a fresh image', () => {
  // The compressed cluster is freed while the place behind it is still remembered; an L2 table comes there, and
  // then the next compressed data.
  const commands = ['write -P 1 -c 0 64k', 'write -z -u 0 64k', 'write -P 2 1G 64k', 'write -P 3 -c 128k 64k']

  async function both(overlapCheck: 'none' | 'cached') {
    const file = await folder.make({ name: `handed out ${overlapCheck}`, size: '2G' })
    const options = { ...DEFAULT_OVERLAP_OPTIONS, checkedTypes: TEMPLATES[overlapCheck] }
    const { driver, told } = (await drive(new MemorySource(new Uint8Array(readFileSync(file))), options))!
    // qemu-io writes through: every write is followed by a flush.
    const requests = [
      () => requestCompressed(driver, 0, { fill: 1, length: 65536 }),
      () => requestZeroes(driver, 0, 65536, true),
      () => requestWrite(driver, 2 ** 30, { fill: 2, length: 65536 }),
      () => requestCompressed(driver, 131072, { fill: 3, length: 65536 }),
    ]
    const failures = requests.map(request =>
      passOver(() => {
        request()
        requestFlush(driver)
      }),
    )
    const last = failures.pop()
    expect(failures).toEqual([undefined, undefined, undefined])
    closeImage(driver)
    const image = `driver=qcow2,file.filename=${file},overlap-check=${overlapCheck}`
    const real = await runTool('qemu-io', ['--image-opts', image, ...commands.flatMap(c => ['-c', c])])
    const corruptions = told.flatMap(one => (one.kind === 'corrupted' ? [one.corruption.message] : []))
    return {
      last,
      corruptions,
      real,
      ours: driver.disk.readSync(0, driver.disk.size),
      theirs: readFileSync(file),
    }
  }

  it('with checks QEMU refuses the last one, and so do we', async () => {
    const { last, corruptions, real, ours, theirs } = await both('cached')
    expect(last?.errno).toBe('EIO')
    expect(corruptions).toEqual(['Preventing invalid write on metadata (overlaps with active L2 table)'])
    expect(real.stderr).toContain(corruptions[0])
    expect(real.stdout).toContain('write failed: Input/output error')
    expect(Buffer.compare(ours.subarray(0, theirs.length), theirs.subarray(0, ours.length))).toBe(0)
  })

  it('without checks an L2 table is destroyed, and nobody says so', async () => {
    const { last, corruptions, real, ours, theirs } = await both('none')
    expect([last, corruptions, real.stderr]).toEqual([undefined, [], ''])
    expect(Buffer.compare(ours.subarray(0, theirs.length), theirs.subarray(0, ours.length))).toBe(0)
  })
})
