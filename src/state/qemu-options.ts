/** The options as QEMU takes them, to be carried from here to a command line or a QMP client. */
import { stringify } from 'lossless-json'
import type { RunOptions } from '../simulation/report.ts'
import { overlapCheckOption } from './overlap-check-option.ts'
import { LONGEST_NODE_NAME, nameFault } from './qemu-names.ts'

/**
 * For blockdev-add and -blockdev: JSON with exact integers. QEMU refuses a top node without a name, so that it
 * always has one: the node's, else the device's with "-node" after it (the two share one set of names).
 */
export function blockdevJson(options: RunOptions, fileName: string): string {
  const { template, overrides } = overlapCheckOption(options.checkedTypes)
  const check =
    overrides.length === 0
      ? template
      : { template, ...Object.fromEntries(overrides.map(({ option, on }) => [option, on])) }
  const blockdev = {
    driver: 'qcow2',
    'node-name': nodeNameOf(options),
    file: { driver: 'file', filename: fileName },
    'overlap-check': check,
    ...(makesList(options) ? { 'overlap-structures': structures(options) } : {}),
  }
  return stringify(blockdev, null, 2) ?? ''
}

/** Mainline has the series' check, and not its list: it knows no option `overlap-structures`. */
const makesList = ({ version }: RunOptions): boolean => version !== 'mainline'

const structures = ({ bitmapSize, totalSizeLimit }: RunOptions) => ({
  'bitmap-size': bitmapSize,
  ...(totalSizeLimit === undefined ? {} : { 'total-size-limit': totalSizeLimit }),
})

const SUFFIX = '-node'

function nodeNameOf({ device, nodeName }: RunOptions): string {
  if (nodeName !== '') return nodeName
  if (device === '' || nameFault(device, 'device')) return 'disk0'
  return `${device.slice(0, LONGEST_NODE_NAME - SUFFIX.length)}${SUFFIX}`
}

/** For the command line of a QEMU that has the series (of any, with mainline's check), as a POSIX shell reads it. */
export function driveLine(options: RunOptions, fileName: string): string {
  const { template, overrides } = overlapCheckOption(options.checkedTypes)
  const parts = [
    `file=${optionValue(fileName)}`,
    'format=qcow2',
    'if=none',
    options.device && `id=${optionValue(options.device)}`,
    options.nodeName && `node-name=${optionValue(options.nodeName)}`,
    overrides.length === 0 ? `overlap-check=${template}` : `overlap-check.template=${template}`,
    ...overrides.map(({ option, on }) => `overlap-check.${option}=${on ? 'on' : 'off'}`),
    ...(makesList(options)
      ? Object.entries(structures(options)).map(([name, bytes]) => `overlap-structures.${name}=${bytes}`)
      : []),
  ]
  return `-drive ${shellWord(parts.filter(Boolean).join(','))}`
}

/** QEMU reads a doubled comma as a comma that is part of the value. */
const optionValue = (value: string): string => value.replaceAll(',', ',,')

/** Quoted where a shell would read the text as anything but itself. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

/** What QEMU would open: the page reads gzipped images as they are, QEMU does not. */
export function fileForQemu(fileName: string): { readonly name: string; readonly unpack: boolean } {
  const unpack = /.\.gz$/i.test(fileName)
  return { name: unpack ? fileName.slice(0, -'.gz'.length) : fileName, unpack }
}

/** What of these options QEMU has no word for, or would refuse, a sentence each. */
export function unknownToQemu(options: RunOptions): string[] {
  const sentences: string[] = []
  if (options.version === 'v4')
    sentences.push('Engine v4 is no option: it takes a QEMU built with version 4 of the series.')
  if (options.openUnchecked && makesList(options))
    sentences.push(
      '“Open anyway, unchecked” is Overlapscope’s own: QEMU refuses an image whose list it cannot make.',
    )
  const faults = [nameFault(options.device, 'device'), nameFault(options.nodeName, 'node')]
  return [...sentences, ...faults.filter(fault => fault !== undefined)]
}
