import type { CSSProperties, MouseEvent } from 'react'
import type { Pages } from '../../state/pages.ts'
import { asciiOf, hexByte, hexOffset, type HexRow, ROW_BYTES } from './hex-rows.ts'
import { RowList } from './row-list.tsx'

/** CSS pixels. */
const ROW_HEIGHT = 18

interface Props {
  readonly rows: Pages<HexRow>
  readonly count: number
  /** Bytes that are pointed out: the first, and how many. */
  readonly lit: readonly number[] | undefined
  readonly shown: { readonly row: number } | undefined
  onHover(byte: number | undefined): void
  onPick(byte: number): void
}

/** All bytes of a cluster, eight a row; zeros recede. */
export function HexList({ rows, count, lit, shown, onHover, onPick }: Props) {
  return (
    <RowList
      className="hex mono"
      role="group"
      aria-label="Bytes in hexadecimal, eight a row"
      // A region that scrolls must be reachable by key.
      tabIndex={0}
      count={count}
      rowHeight={ROW_HEIGHT}
      shown={shown}
      onMouseOver={event => onHover(byteUnder(event))}
      onMouseLeave={() => onHover(undefined)}
      onClick={event => {
        const byte = byteUnder(event)
        if (byte !== undefined) onPick(byte)
      }}
      renderRow={(index, style) => (
        <HexLine key={index} index={index} row={rows.at(index)} style={style} lit={lit} />
      )}
    />
  )
}

interface LineProps {
  readonly index: number
  /** undefined while it is on the way. */
  readonly row: HexRow | undefined
  readonly style: CSSProperties
  readonly lit: readonly number[] | undefined
}

function HexLine({ index, row, style, lit }: LineProps) {
  const [first = 0, length = 0] = lit ?? []
  return (
    <div className="hex-row" style={style}>
      <span className="hex-offset">{row ? hexOffset(row.offset) : '…'}</span>
      <span className="hex-bytes">
        {row &&
          Array.from(row.bytes, (byte, at) => {
            const place = index * ROW_BYTES + at
            const isLit = place >= first && place < first + length
            return (
              // A byte has nothing but its place to be told by.
              // oxlint-disable-next-line react/no-array-index-key
              <span key={at} data-byte={place} className={byteClass(byte, isLit)}>
                {hexByte(byte)}
              </span>
            )
          })}
      </span>
      <span className="hex-ascii" aria-hidden="true">
        {row && Array.from(row.bytes, asciiOf).join('')}
      </span>
    </div>
  )
}

const byteClass = (byte: number, isLit: boolean): string =>
  `hex-byte${byte === 0 ? ' hex-zero' : ''}${isLit ? ' hex-lit' : ''}`

function byteUnder({ target }: MouseEvent): number | undefined {
  const byte = target instanceof HTMLElement ? target.dataset['byte'] : undefined
  return byte === undefined ? undefined : Number(byte)
}
