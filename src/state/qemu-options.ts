/** The options as QEMU takes them, to be carried from here to a command line or a QMP client. */
import { stringify } from 'lossless-json'
import type { RunOptions } from '../simulation/report.ts'
import { overlapCheckOption } from './overlap-check-option.ts'

/** For blockdev-add and -blockdev: JSON with exact integers. */
export function blockdevJson(options: RunOptions, fileName: string): string {
  const { template, overrides } = overlapCheckOption(options.checkedTypes)
  const check =
    overrides.length === 0
      ? template
      : { template, ...Object.fromEntries(overrides.map(({ option, on }) => [option, on])) }
  const blockdev = {
    driver: 'qcow2',
    ...(options.nodeName === '' ? {} : { 'node-name': options.nodeName }),
    file: { driver: 'file', filename: fileName },
    'overlap-check': check,
    'overlap-structures': {
      'bitmap-size': options.bitmapSize,
      ...(options.totalSizeLimit === undefined ? {} : { 'total-size-limit': options.totalSizeLimit }),
    },
  }
  return stringify(blockdev, null, 2) ?? ''
}

/** For the command line of a QEMU that has the series. */
export function driveLine(options: RunOptions, fileName: string): string {
  const { template, overrides } = overlapCheckOption(options.checkedTypes)
  const parts = [
    // QEMU reads a doubled comma as a comma that is part of the value.
    `file=${fileName.replaceAll(',', ',,')}`,
    'format=qcow2',
    'if=none',
    options.device && `id=${options.device}`,
    options.nodeName && `node-name=${options.nodeName}`,
    overrides.length === 0 ? `overlap-check=${template}` : `overlap-check.template=${template}`,
    ...overrides.map(({ option, on }) => `overlap-check.${option}=${on ? 'on' : 'off'}`),
    `overlap-structures.bitmap-size=${options.bitmapSize}`,
    options.totalSizeLimit !== undefined && `overlap-structures.total-size-limit=${options.totalSizeLimit}`,
  ]
  return `-drive ${parts.filter(Boolean).join(',')}`
}
