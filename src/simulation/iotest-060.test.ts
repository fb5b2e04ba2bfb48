/** What the series added to QEMU's iotest 060: the list under limits that are too small for it. */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../disk/memory-source.ts'
import { Overlay } from '../disk/overlay.ts'
import { passOver } from '../driver/driver-error.ts'
import { closeImage } from '../driver/flush.ts'
import { requestWrite } from '../driver/requests.ts'
import { TEMPLATES, type TypeMask } from '../lib/metadata-types.ts'
import { drive } from '../testing/driven-image.ts'
import { ImageFolder, landmarks } from '../testing/qemu.ts'
import { openDriver } from './open-driver.ts'

const folder = new ImageFolder()
afterAll(() => folder.remove())

async function open(bytes: Uint8Array, totalSizeLimit: bigint, checkedTypes: TypeMask = TEMPLATES.cached) {
  const told: string[] = []
  const opened = await openDriver(
    new Overlay(new MemorySource(bytes)),
    {
      checkedTypes,
      bitmapSize: 4096n,
      totalSizeLimit,
      version: 'v6',
      device: 'drv0',
      nodeName: '',
      openUnchecked: false,
    },
    {
      limitReached: range => told.push(`limit ${range?.start} +${range?.length}`),
      corrupted: ({ message, offset, size }) => told.push(`${message} ${offset} +${size}`),
    },
  )
  return { ...opened, told }
}

const fresh = async (name: string, options = 'cluster_size=64k'): Promise<Uint8Array> =>
  new Uint8Array(readFileSync(await folder.make({ name, size: '64M', options })))

describe('a fresh image', () => {
  it('does not open without any memory', async () => {
    const { driver, run } = await open(await fresh('zero'), 0n)
    expect(driver).toBeUndefined()
    expect(run.outcome).toMatchObject({ kind: 'refused', error: 'Cannot allocate metadata list' })
  })

  it('opens without any memory when nothing is checked', async () => {
    const { driver, told } = await open(await fresh('off'), 0n, TEMPLATES.none)
    requestWrite(driver!, 0, { fill: 1, length: 65536 })
    expect(told).toEqual([])
  })

  it('with 256 bytes tells of each of its four structures that none can be entered', async () => {
    const { told } = await open(await fresh('256'), 256n)
    expect(told).toEqual(Array.from({ length: 4 }, () => 'limit 0 +268435456'))
  })

  it('with 4188 bytes has room for its bitmap', async () => {
    const { told } = await open(await fresh('4188'), 4188n)
    expect(told).toEqual([])
  })
})

it('keeps a bitmap whose fragments would be longer, and has none left for the second window', async () => {
  const { driver } = (await drive(new MemorySource(await fresh('alternating', 'cluster_size=512'))))!
  // L2 tables and data by turns, up to the end of the disk: they reach into the second window.
  for (let offset = 0; offset < driver.virtualSize; offset += 32768)
    requestWrite(driver, offset, { fill: 1, length: 512 })
  closeImage(driver)
  const bytes = driver.disk.readSync(0, driver.disk.size)
  const view = new DataView(bytes.buffer)
  // The first L2 table is not counted any more, so the next write gets its cluster.
  view.setUint16(landmarks(view).refcountBlockOffset + 2 * 35, 0)

  const opened = await open(bytes, 4220n)
  expect([...new Set(opened.told)]).toEqual(['limit 2097152 +2097152'])
  const failure = passOver(() => requestWrite(opened.driver!, 1024, { fill: 2, length: 512 }))
  expect(failure?.errno).toBe('EIO')
  expect(opened.told.at(-1)).toBe(
    'Preventing invalid write on metadata (overlaps with active L2 table) 17920 +512',
  )
})
