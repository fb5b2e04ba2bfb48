/** Bytes as rows for people: eight a row, so that a row is one table entry. */
import type { BytesPage } from '../../simulation/inspection.ts'

export interface HexRow {
  /** Host offset of the row's first byte. */
  readonly offset: bigint
  readonly bytes: Uint8Array
  /** The (first) field of each byte; empty where there are none. */
  readonly fields: Uint32Array
}

export const ROW_BYTES = 8

/** @param start host offset of the first byte */
export function hexRows({ bytes, fields }: BytesPage, start: bigint): HexRow[] {
  const rows: HexRow[] = []
  for (let at = 0; at < bytes.length; at += ROW_BYTES)
    rows.push({
      offset: start + BigInt(at),
      bytes: bytes.subarray(at, at + ROW_BYTES),
      fields: fields.subarray(at, at + ROW_BYTES),
    })
  return rows
}

export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0')

/** Host offset in as many digits as its neighbours need: eight, or what it takes. */
export const hexOffset = (offset: bigint): string => offset.toString(16).padStart(8, '0')

/** A byte as a character, where it is a printable one of ASCII. */
export const asciiOf = (byte: number): string => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')
