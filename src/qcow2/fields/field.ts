/** What the bytes of a metadata cluster say, field by field. */
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import type { Bytes, HostOffset } from '../../lib/units.ts'

export interface StructureField {
  /** Host offset of its first byte. */
  readonly offset: HostOffset
  /** How many bytes it touches. */
  readonly length: Bytes
  /** Which of their bits, where it is not all of them: counted from the lowest one of the first byte. */
  readonly bits?: { readonly first: number; readonly count: number }
  /** As QEMU's documents and sources call it. */
  readonly name: string
  /** As stored; undefined for text, and where several entries are told as one. */
  readonly raw?: bigint
  readonly meaning: string
  /** Where in the file it points. */
  readonly target?: HostOffset
  /** What is wrong with it. */
  readonly problem?: string
  /** Nothing is stored there: zeros, padding, or bytes that no field claims. */
  readonly empty?: true
}

/** The fields of one cluster in order. They tile it; the first and the last may reach past its edges. */
export interface FieldLayout {
  readonly count: number
  /** @param index 0 to count - 1 */
  at(index: number): StructureField
  /** The (first) field that a byte belongs to. @param byte of the cluster, 0 to its size - 1 */
  indexOf(byte: Bytes): number
}

export const hex = (value: bigint | number): string => `0x${value.toString(16)}`

/** "1 048 576 bytes (1 MiB)" */
export function bytesText(bytes: bigint | number): string {
  const count = `${formatCount(bytes)} ${BigInt(bytes) === 1n ? 'byte' : 'bytes'}`
  return bytes < 1024 ? count : `${count}, ${formatBytes(bytes)}`
}

/** Several things wrong as one sentence; undefined for none. */
export const problemText = (problems: readonly (string | false)[]): string | undefined =>
  problems.filter(Boolean).join('; ') || undefined

/** Optional parts of a field, those that are undefined left out. */
export function extras(
  target: HostOffset | undefined,
  problem: string | undefined,
): Pick<StructureField, 'target' | 'problem'> {
  return { ...(target === undefined ? {} : { target }), ...(problem === undefined ? {} : { problem }) }
}
