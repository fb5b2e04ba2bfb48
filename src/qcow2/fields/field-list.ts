/** A layout of fields that are known one by one: headers, and tables whose entries differ in length. */
import type { Bytes, HostOffset } from '../../lib/units.ts'
import { cString, viewOf } from '../read-at.ts'
import { bytesText, type FieldLayout, type StructureField } from './field.ts'

/** What a field's number means. */
export type Said = Pick<StructureField, 'meaning' | 'target' | 'problem'>

/** A number that points nowhere and cannot be wrong. */
export const plain =
  (meaning: (value: bigint) => string) =>
  (value: bigint): Said => ({ meaning: meaning(value) })

/** Reads fields off the bytes of a structure, one after the other. */
export class FieldReader {
  readonly fields: StructureField[] = []
  readonly bytes: Uint8Array
  /** Where the next field starts, in bytes from the start of the structure. */
  position: Bytes
  readonly #start: HostOffset

  /**
   * @param bytes of the structure
   * @param start host offset of the first of them
   */
  constructor(bytes: Uint8Array, start: HostOffset, position: Bytes = 0) {
    this.bytes = bytes
    this.#start = start
    this.position = position
  }

  /** A big-endian number. @param length in bytes, at most 8 */
  number(name: string, length: 1 | 2 | 4 | 8, say: (value: bigint) => Said): bigint {
    const view = viewOf(this.bytes)
    const at = this.position
    const value =
      length === 8
        ? view.getBigUint64(at)
        : BigInt(length === 4 ? view.getUint32(at) : length === 2 ? view.getUint16(at) : view.getUint8(at))
    this.#add(name, length, { raw: value, ...say(value) })
    return value
  }

  /** UTF-8, as C code reads it: up to the first zero. */
  text(name: string, length: Bytes, say = (text: string): string => `“${text}”`): void {
    if (length > 0) this.#add(name, length, { meaning: say(cString(this.#take(length))) })
  }

  /** Bytes that are told as one. */
  data(name: string, length: Bytes, meaning: string): void {
    if (length > 0) this.#add(name, length, { meaning })
  }

  /** Up to the next multiple of 8. */
  padding(): void {
    const length = -this.position & 7
    if (length > 0) this.#add('padding', length, { meaning: 'to a multiple of 8 bytes', empty: true })
  }

  #take(length: Bytes): Uint8Array {
    return this.bytes.subarray(this.position, this.position + length)
  }

  #add(name: string, length: Bytes, rest: Omit<StructureField, 'offset' | 'length' | 'name'>): void {
    this.fields.push({ offset: this.#start + BigInt(this.position), length, name, ...rest })
    this.position += length
  }
}

/**
 * Fields in order, with what lies between them.
 * @param fields those that touch the cluster. One that begins before another ends is left out
 * @param start host offset of the cluster
 * @param bytes the cluster's
 */
export function fieldList(
  fields: readonly StructureField[],
  start: HostOffset,
  bytes: Uint8Array,
): FieldLayout {
  const tiled: StructureField[] = []
  let at = start
  const end = start + BigInt(bytes.length)
  const fillTo = (offset: HostOffset) => {
    if (offset > at) tiled.push(unclaimed(at, bytes.subarray(Number(at - start), Number(offset - start))))
  }
  for (const field of fields.toSorted((a, b) => (a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0))) {
    const fieldEnd = field.offset + BigInt(field.length)
    const straddles = tiled.length === 0 && field.offset < start
    if (fieldEnd <= at || field.offset >= end || (field.offset < at && !straddles)) continue
    fillTo(field.offset)
    tiled.push(field)
    at = fieldEnd
  }
  fillTo(end)
  return {
    count: tiled.length,
    at: index => tiled[index]!,
    indexOf: byte => tiled.findLastIndex(({ offset }) => offset <= start + BigInt(byte)),
  }
}

/** Bytes that belong to no field. */
export function unclaimed(offset: HostOffset, bytes: Uint8Array): StructureField {
  const zero = bytes.every(byte => byte === 0)
  const meaning = `${bytesText(bytes.length)}${zero ? ', all zero' : ' that belong to no field'}`
  return { offset, length: bytes.length, name: 'unused', meaning, empty: true }
}
