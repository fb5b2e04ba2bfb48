/** Fields of images that real qemu-img made, held against what following their tables finds. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { isMetadata, Owner } from '../../lib/owners.ts'
import { BROKEN_PLANS, SOUND_PLANS } from '../../testing/image-plans.ts'
import { diskOf, diskOfFile, ImageFolder } from '../../testing/qemu.ts'
import { buildOwnerMap } from '../build-owner-map.ts'
import type { Qcow2Image } from '../image.ts'
import { openImage } from '../open-image.ts'
import type { ClusterReport, OwnerMap } from '../owner-map.ts'
import type { FieldLayout, StructureField } from './field.ts'
import { structureFields } from './structure-fields.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

/** More rows of one cluster are not looked at. */
const MOST_FIELDS = 2000

interface Decoded {
  readonly start: bigint
  readonly report: ClusterReport
  readonly layout: FieldLayout
}

/** Every metadata cluster of the file that has fields. */
async function* decodeAll(image: Qcow2Image, owners: OwnerMap): AsyncGenerator<Decoded> {
  const { runs } = owners
  for (let run = 0; run < runs.count; run++) {
    if (!isMetadata(runs.owner[run]!)) continue
    const end = Math.min(image.fileClusters, run + 1 < runs.count ? runs.start[run + 1]! : runs.end)
    for (let cluster = runs.start[run]!; cluster < end; cluster++) {
      const report = await owners.report(cluster)
      const bytes = await image.disk.read(cluster * image.clusterSize, image.clusterSize)
      const layout = await structureFields(image, report, bytes)
      if (layout) yield { start: BigInt(cluster) * BigInt(image.clusterSize), report, layout }
    }
  }
}

const bitsOf = ({ length, bits }: StructureField): bigint => BigInt(bits?.count ?? 8 * length)
const firstBit = ({ offset, bits }: StructureField): bigint => 8n * offset + BigInt(bits?.first ?? 0)

/** Each field begins where the one before ends, and together they cover the cluster. */
function expectTiled({ start, layout }: Decoded, clusterSize: number): void {
  let next = firstBit(layout.at(0))
  expect(next).toBeLessThanOrEqual(8n * start)
  const shown = Math.min(layout.count, MOST_FIELDS)
  for (let index = 0; index < shown; index++) {
    const field = layout.at(index)
    expect(firstBit(field)).toBe(next)
    next = firstBit(field) + bitsOf(field)
    const byte = Math.max(0, Number(field.offset - start))
    const found = layout.at(layout.indexOf(byte))
    const place = start + BigInt(byte)
    expect(found.offset <= place && place < found.offset + BigInt(found.length)).toBe(true)
  }
  const end = shown === layout.count ? 8n * (start + BigInt(clusterSize)) : 0n
  expect(next).toBeGreaterThanOrEqual(end)
}

/** The fields from a place in the file on. */
async function* fieldsFrom(
  image: Qcow2Image,
  owners: OwnerMap,
  offset: bigint,
): AsyncGenerator<StructureField> {
  const cluster = Number(offset / BigInt(image.clusterSize))
  const bytes = await image.disk.read(cluster * image.clusterSize, image.clusterSize)
  const layout = (await structureFields(image, await owners.report(cluster), bytes))!
  const first = layout.indexOf(Number(offset % BigInt(image.clusterSize)))
  for (let index = first; index < layout.count; index++) yield layout.at(index)
}

/** The field that stands at a place in the file. */
async function fieldAt(image: Qcow2Image, owners: OwnerMap, offset: bigint): Promise<StructureField> {
  for await (const field of fieldsFrom(image, owners, offset)) return field
  throw new Error(`there is no field at ${offset}`)
}

/** What the block says of a cluster's refcount, whose byte it may share with others. */
async function refcountIn(
  image: Qcow2Image,
  owners: OwnerMap,
  offset: bigint,
  cluster: number,
): Promise<bigint | undefined> {
  for await (const { name, meaning } of fieldsFrom(image, owners, offset)) {
    const [, first, last] = /^clusters? (\d+)(?: to (\d+))?$/.exec(name)!
    if (cluster < Number(first)) return undefined
    if (cluster <= Number(last ?? first))
      return BigInt(/^refcount (\d+)/.exec(meaning.replaceAll('\u202f', ''))![1]!)
  }
  return undefined
}

describe.concurrent('fields of sound images', () => {
  test.each(SOUND_PLANS)('$name: tile their clusters, and point where the walk goes', async plan => {
    const image = await openImage(diskOfFile(await folder.make(plan)))
    const owners = await buildOwnerMap(image)
    const size = BigInt(image.clusterSize)
    for await (const decoded of decodeAll(image, owners)) {
      const { layout, report } = decoded
      expectTiled(decoded, image.clusterSize)
      // A refcount points to what it counts: nothing is claimed by that.
      const count = report.owner === Owner.refcountBlock ? 0 : Math.min(layout.count, MOST_FIELDS)
      for (const field of Array.from({ length: count }, (_, index) => layout.at(index))) {
        expect(field.problem).toBeUndefined()
        if (field.target === undefined || field.name === 'backing_file_offset') continue
        const { claims } = await owners.report(Number(field.target / size))
        expect(claims.map(({ pointers }) => pointers.at(-1)?.offset)).toContain(field.offset)
      }
    }
  })

  test.each(SOUND_PLANS)('$name: every step of every path is a field that points on', async plan => {
    const image = await openImage(diskOfFile(await folder.make({ ...plan, name: `${plan.name}-paths` })))
    const owners = await buildOwnerMap(image)
    const size = BigInt(image.clusterSize)
    const { runs } = owners
    for (let run = 0; run < runs.count; run++) {
      const { cluster, claims, storedRefcount, refcountPlace } = await owners.report(runs.start[run]!)
      for (const { pointers } of claims)
        for (const [step, { name, offset }] of pointers.entries()) {
          const field = await fieldAt(image, owners, offset)
          expect(field.offset).toBe(offset)
          const next = pointers[step + 1]?.offset ?? BigInt(cluster) * size
          // A pointer names where a table or a compressed cluster begins; what it leads to may lie further on.
          const isWhole = step === pointers.length - 1 && /^(L1|refcount table)\[|^entry/.test(name)
          const isExact = isWhole && !field.meaning.startsWith('compressed')
          expect(field.target! / size).toBeLessThanOrEqual(next / size)
          expect(isExact ? field.target : next).toBe(next)
        }
      const { offset } = refcountPlace
      const told = offset === undefined ? 0n : await refcountIn(image, owners, offset, cluster)
      expect(told).toBe(storedRefcount)
    }
  })
})

test.each(BROKEN_PLANS)('broken image $name: what can be opened is tiled all the same', async plan => {
  const image = await openImage(diskOfFile(await folder.make(plan)))
  const owners = await buildOwnerMap(image)
  for await (const decoded of decodeAll(image, owners)) expectTiled(decoded, image.clusterSize)
})

test('the LUKS header is told field by field', async () => {
  const sample = new URL('../../../public/samples/luks.qcow2.gz', import.meta.url)
  const image = await openImage(diskOf(gunzipSync(readFileSync(sample))))
  const owners = await buildOwnerMap(image)
  const { offset } = image.luksHeader!
  const said = async (at: bigint) => {
    const field = await fieldAt(image, owners, offset + at)
    return `${field.name}: ${field.meaning}`
  }
  expect(await said(0n)).toBe('magic: LUKS')
  expect(await said(8n)).toBe('cipher-name: “aes”')
  expect(await said(208n)).toBe('key slot 0 active: in use')
  expect(await said(256n)).toBe('key slot 1 active: not in use')
  for await (const decoded of decodeAll(image, owners)) expectTiled(decoded, image.clusterSize)
})
