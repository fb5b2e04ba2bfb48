/** Mainline's check against the real QEMU: what it finds, and which of two types it names. */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { Overlay } from '../disk/overlay.ts'
import { MetadataType, TEMPLATES } from '../lib/metadata-types.ts'
import { openImage } from '../qcow2/open-image.ts'
import { ImageFolder, landmarks, runTool } from '../testing/qemu.ts'
import type { ScanCall } from './corruption.ts'
import { Driver } from './driver.ts'
import { passOver } from './driver-error.ts'
import { mainlineTypes, scanForOverlap } from './mainline-check.ts'
import { requestFlush, requestWrite } from './requests.ts'

const CLUSTER = 512
const folder = new ImageFolder()
afterAll(() => folder.remove())

/** Ways to say that a cluster is metadata; the L1 table's is a cluster of its own. */
const claims = {
  activeL1: () => {},
  activeL2: (bytes, cluster) => bytes.setBigUint64(landmarks(bytes).l1Offset + 8 * 500, cluster),
  refcountBlock: (bytes, cluster) =>
    bytes.setBigUint64(landmarks(bytes).refcountTableOffset + 8 * 9, cluster),
  inactiveL1: (bytes, cluster) => bytes.setBigUint64(secondSnapshot(bytes), cluster),
  inactiveL2: (bytes, cluster) =>
    bytes.setBigUint64(Number(bytes.getBigUint64(landmarks(bytes).snapshotsOffset)) + 8 * 500, cluster),
} as const satisfies Record<string, (bytes: DataView, offset: bigint) => void>
type Claim = keyof typeof claims

function secondSnapshot(bytes: DataView): number {
  const first = landmarks(bytes).snapshotsOffset
  const length = 40 + bytes.getUint32(first + 36) + bytes.getUint16(first + 12) + bytes.getUint16(first + 14)
  return first + Math.ceil(length / 8) * 8
}

/** Says that the cluster which the allocator takes next is all of this. */
function claim(bytes: DataView, types: readonly Claim[]): void {
  const { refcountBlockOffset, l1Offset } = landmarks(bytes)
  let cluster = 0
  if (types.includes('activeL1')) {
    cluster = l1Offset / CLUSTER + 20
    bytes.setUint16(refcountBlockOffset + 2 * cluster, 0)
  } else while (bytes.getUint16(refcountBlockOffset + 2 * cluster) !== 0) cluster++
  for (const type of types) claims[type](bytes, BigInt(cluster * CLUSTER))
}

/** Opened as mainline does. */
async function open(bytes: Uint8Array) {
  const disk = new Overlay(new MemorySource(bytes))
  const scans: ScanCall[] = []
  const messages: string[] = []
  const driver = Driver.open(await openImage(disk), disk, {
    engine: undefined,
    scannedTypes: mainlineTypes(TEMPLATES.all),
    listener: { scanned: call => scans.push(call), corrupted: ({ message }) => messages.push(message) },
  })
  return { driver, scans, messages }
}

const names = Object.keys(claims) as Claim[]
const pairs = names.flatMap((a, i) => names.slice(i).map(b => ({ types: a === b ? [a] : [a, b] })))

const image = (name: string, types: readonly Claim[]) =>
  folder.make({
    name,
    size: '64M',
    options: `cluster_size=${CLUSTER}`,
    // The second write gives the active L1 an L2 table of its own.
    steps: ['write 0 512', ['snapshot', '-c', 'a', 'FILE'], ['snapshot', '-c', 'b', 'FILE'], 'write 0 512'],
    patch: bytes => claim(bytes, types),
  })

describe('a cluster that is of two types', () => {
  it.each(pairs)('$types: is named as QEMU names it', async ({ types }) => {
    const file = await image(types.join(' '), types)
    const { driver, messages } = await open(new Uint8Array(readFileSync(file)))
    const failure = passOver(() => {
      requestWrite(driver, 5 * CLUSTER, { fill: 1, length: CLUSTER })
      requestFlush(driver)
    })
    const options = `driver=qcow2,file.filename=${file},overlap-check=all`
    const { stderr } = await runTool('qemu-io', [
      '--image-opts',
      options,
      '-c',
      `write ${5 * CLUSTER} ${CLUSTER}`,
    ])
    expect(failure?.errno).toBe('EIO')
    expect(messages).toHaveLength(1)
    expect(stderr).toContain(`qcow2: Marking image as corrupt: ${messages[0]};`)
  })
})

it('costs a look at every entry, and a read of every snapshot', async () => {
  const { driver, scans } = await open(new Uint8Array(readFileSync(await image('costs', ['activeL2']))))
  const entries = driver.l1.length
  const count = (types: number) => scanForOverlap(driver, types, 2 ** 40, 1).cost
  const nothing = { diskReads: 0, bytesRead: 0 }
  expect(count(MetadataType.mainHeader)).toEqual({ comparisons: 1, ...nothing })
  expect(count(MetadataType.activeL2)).toEqual({ comparisons: entries, ...nothing })
  expect(count(MetadataType.refcountBlock)).toEqual({ comparisons: 1, ...nothing })
  expect(count(MetadataType.inactiveL2)).toEqual({
    comparisons: 2 * entries,
    diskReads: 2,
    bytesRead: 2 * 8 * entries,
  })
  requestWrite(driver, 0, { fill: 1, length: CLUSTER })
  expect(scans.map(({ cause, found }) => [cause.phase, found])).toEqual([['writing guest data', 0]])
  // Header, L1 table, refcount table, snapshot table, two snapshots' L1 tables; the entries; one refcount block.
  expect(scans[0]!.cost).toEqual({ comparisons: 6 + 3 * entries + 1, diskReads: 2, bytesRead: 16 * entries })
})
