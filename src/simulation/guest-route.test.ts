/** Against what real QEMU says of where the guest's data lie. */
import { afterAll, expect, test } from 'vitest'
import { gunzipSync } from 'node:zlib'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openImage } from '../qcow2/open-image.ts'
import { diskOfFile, ImageFolder, mustRun } from '../testing/qemu.ts'
import { guestRoute } from './guest-route.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

const SAMPLES = new URL('../../public/samples/', import.meta.url).pathname
const names = readdirSync(SAMPLES).filter(name => name.endsWith('.qcow2.gz'))

interface Extent {
  readonly start: number
  readonly length: number
  readonly present: boolean
  readonly zero: boolean
  readonly data: boolean
  readonly offset?: number
}

test.concurrent.each(names)('%s: every step of the way is where the tables say', async name => {
  const file = join(folder.path, name.replace('.gz', ''))
  writeFileSync(file, gunzipSync(readFileSync(join(SAMPLES, name))))
  const disk = diskOfFile(file)
  const image = await openImage(disk)
  const isEncrypted = image.header.cryptMethod !== 0
  const extents = isEncrypted
    ? []
    : (JSON.parse(await mustRun('qemu-img', ['map', '--output=json', file])) as Extent[])
  const at = [
    0n,
    image.header.size - 1n,
    ...extents.flatMap(({ start, length }) => [BigInt(start), BigInt(start + length - 1)]),
  ]
  // The entry is read again where the route says that it stands.
  const wordAt = async (place: bigint | undefined) => {
    if (place === undefined) return undefined
    const bytes = await disk.read(Number(place), 8)
    return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  }
  for (const offset of at) {
    const route = await guestRoute(image, offset)
    const extent = extents.find(
      ({ start, length }) => offset >= BigInt(start) && offset < BigInt(start + length),
    )
    const ours = {
      data: route.kind === 'normal' || route.kind === 'compressed',
      present: route.kind !== 'unallocated',
      hostOffset: route.kind === 'compressed' ? undefined : route.hostOffset,
    }
    const theirs = extent && {
      data: extent.data,
      present: extent.present,
      hostOffset:
        extent.offset === undefined ? undefined : BigInt(extent.offset) + offset - BigInt(extent.start),
    }
    // Of an encrypted image qemu-img tells nothing without the key.
    expect(ours).toEqual(isEncrypted ? ours : theirs)
    expect([await wordAt(route.l1EntryOffset), await wordAt(route.l2EntryOffset)]).toEqual([
      route.l1Entry,
      route.l2Entry,
    ])
    expect(route.compressedLength !== undefined).toBe(route.kind === 'compressed')
    expect(route.unaligned).toBe(false)
  }
})

test('a compressed cluster takes bytes up to the end of a sector', async () => {
  const file = await folder.make({ name: 'packed', size: '1M', steps: ['write -c -P 7 64k 64k'] })
  const image = await openImage(diskOfFile(file))
  const { kind, hostOffset, compressedLength } = await guestRoute(image, 0x12345n)
  expect(kind).toBe('compressed')
  expect((Number(hostOffset) + compressedLength!) % 512).toBe(0)
})

test('what is not allocated is read from the backing file, if there is one', async () => {
  const base = await folder.make({ name: 'base', size: '1M' })
  const file = join(folder.path, 'top.qcow2')
  await mustRun('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', base, '-F', 'qcow2', file])
  expect(await guestRoute(await openImage(diskOfFile(file)), 0n)).toMatchObject({
    kind: 'unallocated',
    backingFile: base,
  })
  expect((await guestRoute(await openImage(diskOfFile(base)), 0n)).backingFile).toBeUndefined()
})

test('says where the disk ends', async () => {
  const file = await folder.make({ name: 'short', size: '1M' })
  await expect(guestRoute(await openImage(diskOfFile(file)), 1n << 20n)).rejects.toThrow(
    'which is 1048576 bytes long',
  )
})
