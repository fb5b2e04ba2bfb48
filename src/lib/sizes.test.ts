import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatBytes, formatCount, formatShortCount, parseSize } from './sizes.ts'
import { UserError } from './user-error.ts'

const SIZES = [
  '0|1|512| 5k|+5k|010|64k|64K|1.5G|1.k|1.|1.0|1.00B|5b|0x10|0X1e|0x10b|0x10E|0x20M|1e|1.5E|7.9999E|3P|\t7t',
  '1.99999999999999999999k|9223372036854775807|0.00195312499k|1.0009765625k|0.3m|1.23456789T',
].flatMap(line => line.split('|'))

const REFUSED = [
  '| |k|5k |-5|-0|1.5|.5k|1e3|1.5e3k|1.5b|0.1B|0x|0xg|00x5|0x1.8k|1kk|1.2.3M|5KB|5Ki|1,5G|nan|1.infk|1.0x5k|1 k',
  '8E|16E|9223372036854775808|99999999999999999999|0x8000000000000000|15.9e',
].flatMap(line => line.split('|'))

const measure = (size: string) => spawnSync('qemu-img', ['measure', '-O', 'raw', '--size', size])

test.each(SIZES)('QEMU and we read %j alike', size => {
  const { stdout } = measure(size)
  const required = BigInt(/required size: (\d+)/.exec(stdout.toString())?.[1] ?? -1)
  // It rounds what it measures up to whole sectors.
  expect(required).toBe(((parseSize(size) + 511n) / 512n) * 512n)
})

test.each(REFUSED)('QEMU and we refuse %j', size => {
  expect(measure(size).status).not.toBe(0)
  expect(() => parseSize(size)).toThrow(UserError)
})

test('rounds fractions to the same byte as QEMU', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sizes-'))
  try {
    const file = join(folder, 'raw')
    writeFileSync(file, '')
    truncateSync(file, 8 << 20)
    const sizes = [
      '0.6k',
      '0.5k',
      '1.0004k',
      '1.0005k',
      '1.23456M',
      '0.0009765625k',
      '0.999999k',
      '1.4999999M',
    ]
    const commands = sizes.flatMap(size => ['-c', `read 0 ${size}`])
    const text = execFileSync('qemu-io', ['-f', 'raw', ...commands, file]).toString()
    const read = [...text.matchAll(/^read (\d+)\//gm)].map(match => BigInt(match[1] ?? -1))
    expect(sizes.map(size => parseSize(size))).toEqual(read)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('says what is accepted', () => {
  expect(() => parseSize('5KB')).toThrow("'5KB' is not a size")
  expect(() => parseSize('3M', { max: 2n << 20n })).toThrow(
    expect.objectContaining({
      message: "The size '3M' is too large",
      advice: 'It must be between 0 and 2097152 (2 MiB).',
    }),
  )
})

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [4380, '4.28 KiB'],
  [1536, '1.5 KiB'],
  [768 * 2 ** 20, '768 MiB'],
  [2 ** 40 + 1, '1.00 TiB'],
  [123456789, '117.7 MiB'],
  [(1n << 63n) - 1n, '8 EiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('counts are in groups of three digits', () => {
  const counts = [0, 999, 4380, 16384, 1234567, 9223372036854775807n].map(count => formatCount(count))
  expect(counts.join(', ').replaceAll('\u202f', '_')).toBe(
    '0, 999, 4_380, 16_384, 1_234_567, 9_223_372_036_854_775_807',
  )
})

test('counts are short where they are large', () => {
  const counts = [0, 99_999, 100_000, 16_777_216, 2 ** 41].map(formatShortCount)
  expect(counts.join(', ').replaceAll('\u202f', '_')).toBe('0, 99_999, 100K, 16.8M, 2.2T')
})
