import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { root } from './command.mjs'

const samples = join(root, 'public/samples')
const index: { file: string; title: string; how: string }[] = JSON.parse(
  readFileSync(join(samples, 'index.json'), 'utf8'),
)
const folder = mkdtempSync(join(tmpdir(), 'overlapscope-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the list names every file there is, and they stay small', () => {
  const files = readdirSync(samples).filter(file => file !== 'index.json')
  expect(index.map(({ file }) => file).toSorted()).toEqual(files.toSorted())
  const bytes = files.reduce((sum, file) => sum + readFileSync(join(samples, file)).length, 0)
  expect(bytes).toBeLessThan(300 * 1024)
})

test.each(index)('$file is what real QEMU takes for a qcow2 image', ({ file, how }) => {
  const image = join(folder, file.replace(/\.gz$/, ''))
  writeFileSync(image, gunzipSync(readFileSync(join(samples, file))))
  const info = JSON.parse(execFileSync('qemu-img', ['info', '--output=json', image], { encoding: 'utf8' }))
  expect(info.format).toBe('qcow2')
  expect(how).toContain(file.replace(/\.gz$/, ''))
})
