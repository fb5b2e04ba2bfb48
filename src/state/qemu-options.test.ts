import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { METADATA_TYPES, TEMPLATES } from '../lib/metadata-types.ts'
import { DEFAULT_OPTIONS } from '../worker/catalogue.ts'
import { overlapCheckOption, templateOf } from './overlap-check-option.ts'
import { nameFault } from './qemu-names.ts'
import { blockdevJson, driveLine, fileForQemu, unknownToQemu } from './qemu-options.ts'

const execute = promisify(execFile)

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
    // The golden cases' own node has another name; QEMU insists on one.
    'node-name': 'virtio0-node',
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

const nodeNameIn = (names: { device: string; nodeName: string }) =>
  JSON.parse(blockdevJson({ ...DEFAULT_OPTIONS, ...names }, 'a.qcow2'))['node-name']

it('names the node whatever the page knows of names', () => {
  expect(nodeNameIn({ device: 'virtio0', nodeName: 'mine' })).toBe('mine')
  expect(nodeNameIn({ device: '', nodeName: '' })).toBe('disk0')
  expect(nodeNameIn({ device: '1 disk', nodeName: '' })).toBe('disk0')
  fc.assert(
    fc.property(fc.string(), device => {
      expect(nameFault(nodeNameIn({ device, nodeName: '' }), 'node')).toBeUndefined()
    }),
  )
})

it('reaches QEMU through a shell as it is, whatever the names', async () => {
  const awkward = fc.string({
    minLength: 1,
    unit: fc.constantFrom(',', "'", '"', ' ', '$', '\\', '`', 'a', '!', ';'),
  })
  await fc.assert(
    fc.asyncProperty(awkward, awkward, awkward, async (fileName, device, nodeName) => {
      const line = driveLine({ ...DEFAULT_OPTIONS, device, nodeName }, fileName)
      const { stdout } = await execute('sh', ['-c', `printf '%s\\0' ${line}`])
      const [drive, value = '', ...rest] = stdout.split('\0')
      expect([drive, rest]).toEqual(['-drive', ['']])
      const parts = splitAtCommas(value)
      expect(parts).toContain(`file=${fileName}`)
      expect(parts).toContain(`id=${device}`)
      expect(parts).toContain(`node-name=${nodeName}`)
    }),
    { numRuns: 30 },
  )
})

/** As QEMU does: a doubled comma is one that belongs to the value. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = []
  let part = ''
  for (let at = 0; at < text.length; at++) {
    const isDoubled = text[at] === ',' && text[at + 1] === ','
    if (text[at] === ',' && !isDoubled) {
      parts.push(part)
      part = ''
    } else part += text[at]
    if (isDoubled) at++
  }
  return [...parts, part]
}

it('names the unpacked file of a gzipped one', () => {
  expect(fileForQemu('disk.qcow2.gz')).toEqual({ name: 'disk.qcow2', unpack: true })
  expect(fileForQemu('disk.qcow2')).toEqual({ name: 'disk.qcow2', unpack: false })
  expect(fileForQemu('.gz')).toEqual({ name: '.gz', unpack: false })
})

it('gives mainline no list to size or to limit', () => {
  const options = {
    ...DEFAULT_OPTIONS,
    version: 'mainline',
    totalSizeLimit: 4380n,
    openUnchecked: true,
  } as const
  expect(JSON.parse(blockdevJson(options, 'a.qcow2'))).toEqual({
    driver: 'qcow2',
    'node-name': 'virtio0-node',
    file: { driver: 'file', filename: 'a.qcow2' },
    'overlap-check': 'cached',
  })
  expect(driveLine(options, 'a.qcow2')).toBe(
    '-drive file=a.qcow2,format=qcow2,if=none,id=virtio0,overlap-check=cached',
  )
  expect(unknownToQemu(options)).toEqual([])
})

it('says what QEMU has no option for', () => {
  expect(unknownToQemu(DEFAULT_OPTIONS)).toEqual([])
  expect(unknownToQemu({ ...DEFAULT_OPTIONS, version: 'v4', openUnchecked: true })).toHaveLength(2)
  expect(unknownToQemu({ ...DEFAULT_OPTIONS, device: '0', nodeName: '_' })).toHaveLength(2)
})

it.each([
  ['virtio0', 'device', undefined],
  ['', 'node', undefined],
  ['a.b_c-d', 'node', undefined],
  ['a'.repeat(31), 'node', undefined],
  ['a'.repeat(32), 'node', '31 characters'],
  ['a'.repeat(32), 'device', undefined],
  ['1a', 'node', 'starts with a letter'],
  ['a b', 'device', 'device id'],
  ['é', 'node', 'node name'],
] as const)('takes the name "%s" of a %s as QEMU 7.2 does', (name, kind, fault) => {
  expect(nameFault(name, kind) ?? 'taken').toContain(fault ?? 'taken')
})
