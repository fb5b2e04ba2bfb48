import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { NodeFileSource } from './node-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'overlapscope-node-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('reads a file of 64 GiB by the units that are asked for', async () => {
  const path = join(folder, 'large')
  writeFileSync(path, 'start')
  truncateSync(path, 64 * 2 ** 30)
  const source = await NodeFileSource.open(path)
  expect(source.size).toBe(64 * 2 ** 30)
  expect(Buffer.from(await source.read(0, 6)).toString()).toBe('start\0')
  expect(await source.read(63 * 2 ** 30 + 5, 3)).toEqual(new Uint8Array(3))
  expect(source.bytesRead).toBe(2 * 2 ** 20)
  await source.close()
})

test('names the file that is missing, in plain words', async () => {
  const path = join(folder, 'missing')
  await expect(NodeFileSource.open(path)).rejects.toMatchObject({
    name: 'DiskError',
    message: `${path}: no such file or directory`,
  })
})

test('does not open a folder', async () => {
  await expect(NodeFileSource.open(folder)).rejects.toThrow(`${folder}: is a directory`)
})

test('tells when the file was cut while it was open', async () => {
  const path = join(folder, 'shrinking')
  writeFileSync(path, Buffer.alloc(3 * 2 ** 20))
  const source = await NodeFileSource.open(path)
  truncateSync(path, 100)
  await expect(source.read(2 ** 20, 10)).rejects.toMatchObject({
    name: 'DiskError',
    message: `${path}: ended early, at 1048576`,
    offset: 1048576n,
  })
  await source.close()
})
