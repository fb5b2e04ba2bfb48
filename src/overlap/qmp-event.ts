/**
 * The QMP events, as objects and as the text QEMU sends. Integers are bigints: start and length go up
 * to 2^63 - 1, and a Number would round them.
 */
import type { HostOffset } from '../lib/units.ts'

// Type aliases, for interfaces do not count as QmpValues.
export type Timestamp = {
  readonly seconds: bigint
  /** 0 to 999999. */
  readonly microseconds: number
}

/**
 * Patch 13 of the series' fourth version. Without start and length, no check can be expected on the
 * whole image.
 */
export type LimitReachedEvent = {
  readonly event: 'QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED'
  readonly data: {
    /** The device's name if it has one, else the node's. */
    readonly reference: string
    readonly start?: HostOffset
    readonly length?: bigint
  }
  readonly timestamp: Timestamp
}

export function limitReachedEvent(
  reference: string,
  range: { readonly start: HostOffset; readonly length: bigint } | undefined,
  timestamp: Timestamp,
): LimitReachedEvent {
  return {
    event: 'QCOW2_OVERLAP_CHECK_MEMORY_LIMIT_REACHED',
    data: range ? { reference, start: range.start, length: range.length } : { reference },
    timestamp,
  }
}

/** What QMP messages are made of. */
export type QmpValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly QmpValue[]
  | { readonly [key: string]: QmpValue | undefined }

/** ASCII without quotes and backslashes, which stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/
const jsonText = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text))

/** JSON as QEMU writes it: keys in their order, a space after each colon and comma, integers exact. */
export function qmpJson(value: QmpValue): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map(qmpJson).join(', ')}]`
  if (typeof value === 'string') return jsonText(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const object = value as { readonly [key: string]: QmpValue | undefined }
  let members = ''
  for (const key of Object.keys(object)) {
    const member = object[key]
    if (member === undefined) continue
    members += `${members === '' ? '' : ', '}${jsonText(key)}: ${qmpJson(member)}`
  }
  return `{${members}}`
}
