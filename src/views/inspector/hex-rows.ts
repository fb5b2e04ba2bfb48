/** Bytes as rows for people: eight a row, so that a row is one table entry; equal rows fold into one. */

export interface HexRow {
  /** Host offset of the row's first byte. */
  readonly offset: bigint
  readonly bytes: Uint8Array
  /** How many equal rows it stands for. */
  readonly rows: number
}

export const ROW_BYTES = 8

/** @param start host offset of the first byte */
export function hexRows(bytes: Uint8Array, start: bigint): HexRow[] {
  const rows: HexRow[] = []
  for (let at = 0; at < bytes.length; at += ROW_BYTES) {
    const row = bytes.subarray(at, at + ROW_BYTES)
    const before = rows.at(-1)
    if (before && row.length === ROW_BYTES && row.every((byte, index) => byte === before.bytes[index]))
      rows[rows.length - 1] = { ...before, rows: before.rows + 1 }
    else rows.push({ offset: start + BigInt(at), bytes: row, rows: 1 })
  }
  return rows
}

export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0')

/** Host offset in as many digits as its neighbours need: eight, or what it takes. */
export const hexOffset = (offset: bigint): string => offset.toString(16).padStart(8, '0')
