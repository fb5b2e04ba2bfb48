import { hexByte, hexOffset, hexRows } from './hex-rows.ts'

interface Props {
  readonly bytes: Uint8Array
  /** Host offset of the first byte. */
  readonly start: bigint
}

/** A cluster's first bytes; zeros recede. */
export function HexView({ bytes, start }: Props) {
  if (bytes.length === 0) return null
  return (
    <>
      <h3 className="inspector-bytes">The cluster’s first {bytes.length} bytes</h3>
      <table className="hex mono">
        <caption className="visually-hidden">Bytes in hexadecimal, eight a row</caption>
        <tbody>
          {hexRows(bytes, start).map(row => (
            <tr key={String(row.offset)}>
              <th scope="row">{hexOffset(row.offset)}</th>
              <td>
                {[...row.bytes].map((byte, index) => (
                  // A byte has nothing but its place to be told by.
                  // oxlint-disable-next-line react/no-array-index-key
                  <span key={index} className={byte === 0 ? 'hex-zero' : undefined}>
                    {hexByte(byte)}{' '}
                  </span>
                ))}
                {row.rows > 1 && (
                  <i className="hex-more">
                    the same in {row.rows - 1} more {row.rows === 2 ? 'row' : 'rows'}
                  </i>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
