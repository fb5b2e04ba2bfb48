import fc from 'fast-check'
import { expect, it } from 'vitest'
import { METADATA_TYPES, TEMPLATES } from '../lib/metadata-types.ts'
import { DEFAULT_OPTIONS } from '../worker/catalogue.ts'
import { overlapCheckOption, templateOf } from './overlap-check-option.ts'
import { blockdevJson, driveLine } from './qemu-options.ts'

it('puts any set of types as a template and what differs from it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), types => {
      const { template, overrides } = overlapCheckOption(types)
      let built: number = TEMPLATES[template]
      for (const { option, on } of overrides) {
        const type = METADATA_TYPES.find(each => each.option === option)!
        expect((built & type.bit) !== 0).toBe(!on)
        built ^= type.bit
      }
      expect(built).toBe(types)
      expect(overrides.length).toBeLessThanOrEqual(4)
      expect(templateOf(types)).toBe(overrides.length === 0 ? template : undefined)
    }),
  )
})

it('is the JSON that QEMU was given in the golden cases', () => {
  const options = {
    ...DEFAULT_OPTIONS,
    checkedTypes: TEMPLATES.constant,
    bitmapSize: 16384n,
    totalSizeLimit: 8795n,
  }
  expect(JSON.parse(blockdevJson(options, 'a.qcow2'))).toEqual({
    driver: 'qcow2',
    file: { driver: 'file', filename: 'a.qcow2' },
    'overlap-check': 'constant',
    'overlap-structures': { 'bitmap-size': 16384, 'total-size-limit': 8795 },
  })
})

it('prints integers exactly, up to the largest', () => {
  const options = { ...DEFAULT_OPTIONS, checkedTypes: 255 ^ 4, totalSizeLimit: 9223372036854775807n }
  const json = blockdevJson(options, 'a.qcow2')
  expect(json).toContain('"total-size-limit": 9223372036854775807')
  expect(json).toContain('"active-l2": false')
})

it('is a line for the command line, commas doubled', () => {
  const options = {
    ...DEFAULT_OPTIONS,
    checkedTypes: TEMPLATES.cached | 128,
    totalSizeLimit: 4380n,
    nodeName: 'disk',
  }
  expect(driveLine({ ...options, checkedTypes: TEMPLATES.constant | 4 }, 'a,b.qcow2')).toBe(
    '-drive file=a,,b.qcow2,format=qcow2,if=none,id=virtio0,node-name=disk,overlap-check.template=constant,' +
      'overlap-check.active-l2=on,overlap-structures.bitmap-size=65536,overlap-structures.total-size-limit=4380',
  )
  expect(driveLine(options, 'a.qcow2')).toContain(',overlap-check=all,')
})
