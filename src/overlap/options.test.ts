import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { overlapOptionsJson, parseOverlapOptions } from './options.ts'

const check = (overlapCheck: unknown) => parseOverlapOptions({ 'overlap-check': overlapCheck }).checkedTypes
const limit = (value: unknown) =>
  parseOverlapOptions({ 'overlap-structures': { 'total-size-limit': value } }).totalSizeLimit

describe('overlap-check', () => {
  it('takes a mode, a template, and switches that override it', () => {
    expect(parseOverlapOptions({}).checkedTypes).toBe(127)
    expect(['none', 'constant', 'cached', 'all'].map(check)).toEqual([0, 43, 127, 255])
    expect(check({ template: 'cached', 'inactive-l2': true, 'refcount-block': false })).toBe(239)
    expect(parseOverlapOptions({ 'overlap-check.main-header': 'off' }).checkedTypes).toBe(126)
  })

  it.each([
    [
      { 'overlap-check': 'bogus' },
      "Unsupported value 'bogus' for qcow2 option 'overlap-check'. Allowed are any of the following: none, constant, cached, all",
    ],
    [
      { 'overlap-check': true },
      "Unsupported value 'on' for qcow2 option 'overlap-check'. Allowed are any of the following: none, constant, cached, all",
    ],
    [
      { 'overlap-check': 'all', 'overlap-check.template': 'none' },
      "Conflicting values for qcow2 options 'overlap-check' ('all') and 'overlap-check.template' ('none')",
    ],
    [
      { 'overlap-check': { 'main-header': 'maybe' } },
      "Parameter 'overlap-check.main-header' expects 'on' or 'off'",
    ],
    [
      { 'overlap-check': { foo: true } },
      "Block format 'qcow2' does not support the option 'overlap-check.foo'",
    ],
    [
      { 'overlap-structures': { foo: 1 } },
      "Block format 'qcow2' does not support the option 'overlap-structures.foo'",
    ],
  ])('refuses %j in QEMU’s words', (json, message) => {
    expect(() => parseOverlapOptions(json)).toThrow(message)
  })
})

describe('overlap-structures', () => {
  it('takes sizes as numbers and with suffixes, exactly up to 2^63 - 1', () => {
    expect(limit(4380)).toBe(4380n)
    expect(limit('64k')).toBe(65536n)
    expect(limit('9223372036854775807')).toBe(2n ** 63n - 1n)
    expect(limit(2n ** 63n - 1n)).toBe(2n ** 63n - 1n)
    expect(limit(0)).toBe(0n)
  })

  it.each([
    ['abc', "Parameter 'overlap-structures.total-size-limit' expects a non-negative number below 2^64"],
    ['', "Parameter 'overlap-structures.total-size-limit' expects a non-negative number below 2^64"],
    [-1, "Parameter 'overlap-structures.total-size-limit' expects a non-negative number below 2^64"],
    [1.5, "Parameter 'overlap-structures.total-size-limit' expects a non-negative number below 2^64"],
    [null, "Parameter 'overlap-structures.total-size-limit' expects a non-negative number below 2^64"],
    [
      '99999999999999999999',
      "Value '99999999999999999999' is out of range for parameter 'overlap-structures.total-size-limit'",
    ],
  ])('refuses %j in QEMU’s words', (value, message) => {
    expect(() => limit(value)).toThrow(message)
  })
})

it('writes options that it reads back', () => {
  fc.assert(
    fc.property(
      fc.record({
        checkedTypes: fc.nat(255),
        bitmapSize: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        totalSizeLimit: fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), { nil: undefined }),
      }),
      options => {
        expect(parseOverlapOptions(overlapOptionsJson(options))).toEqual(options)
      },
    ),
  )
})
