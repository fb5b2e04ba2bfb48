import { expect, it } from 'vitest'
import { MetadataType, TEMPLATES } from '../lib/metadata-types.ts'
import { parseOverlapOptions } from './options.ts'
import { reopenOptions } from './reopen-options.ts'

const BEFORE = {
  'overlap-check': { template: 'all', 'inactive-l2': false },
  'overlap-structures': { 'total-size-limit': 4380 },
}

it('a switch of one type adds to those that stand', () => {
  const options = parseOverlapOptions(reopenOptions(BEFORE, { 'overlap-check.active-l2': 'off' }))
  expect(options.checkedTypes).toBe(255 & ~MetadataType.inactiveL2 & ~MetadataType.activeL2)
  expect(options.totalSizeLimit).toBe(4380n)
})

it('a template drops the switches that were given before', () => {
  expect(parseOverlapOptions(reopenOptions(BEFORE, { 'overlap-check': 'all' })).checkedTypes).toBe(
    TEMPLATES.all,
  )
  expect(
    parseOverlapOptions(reopenOptions(BEFORE, { 'overlap-check.template': 'constant' })).checkedTypes,
  ).toBe(TEMPLATES.constant)
})

it('the limit changes alone', () => {
  const options = parseOverlapOptions(reopenOptions(BEFORE, { 'overlap-structures.total-size-limit': '64k' }))
  expect(options).toMatchObject({ checkedTypes: 127, totalSizeLimit: 65536n })
})
