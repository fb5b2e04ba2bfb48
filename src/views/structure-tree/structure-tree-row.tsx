import type { CSSProperties } from 'react'
import { formatBytes, formatCount } from '../../lib/sizes.ts'
import { ownerColour, ownerStyle } from '../../render/owner-style.ts'
import type { StructureRow } from '../../simulation/structure-page.ts'
import type { RowPlace } from './open-nodes.ts'

interface Props {
  readonly id: string
  readonly style: CSSProperties
  /** undefined while it is on the way. */
  readonly row: StructureRow | undefined
  readonly place: RowPlace
  readonly isActive: boolean
  onPick(): void
  onFold(): void
}

/** CSS pixels a level. */
const INDENT = 14

/** A structure: what it is, and below that where, how long, and what it holds. */
export function StructureTreeRow({ id, style, row, place, isActive, onPick, onFold }: Props) {
  const { parent, level, node } = place
  return (
    // The tree has the focus and its keys; aria-activedescendant points at the active row.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="treeitem"
      className="structure-row"
      style={{ ...style, paddingLeft: 4 + (level - 1) * INDENT }}
      aria-level={level}
      aria-posinset={place.row + 1}
      aria-setsize={parent.total}
      aria-selected={isActive}
      aria-expanded={row?.isExpandable ? node !== undefined : undefined}
      onClick={onPick}
    >
      {row?.isExpandable ? (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
        <span
          className="structure-fold"
          aria-hidden="true"
          title={node ? 'Fold (left arrow)' : 'Unfold (right arrow)'}
          onClick={event => {
            event.stopPropagation()
            onFold()
          }}
        >
          {node ? '▾' : '▸'}
        </span>
      ) : (
        <span className="structure-fold" />
      )}
      <Kind owner={row?.owner} />
      <div className="structure-text">
        <p className="structure-name">
          <span className={row?.owner === undefined ? 'muted' : undefined}>{row?.name ?? '…'}</span>
          {row && <Marks row={row} />}
        </p>
        {row && <Where row={row} detail={node && node.summary !== '' ? node.summary : row.detail} />}
      </div>
    </div>
  )
}

/** The colour and letters that the map has for it. */
function Kind({ owner }: { readonly owner: number | undefined }) {
  if (owner === undefined) return <span className="structure-kind" />
  const { glyph } = ownerStyle(owner)
  return (
    <span className="structure-kind" aria-hidden="true">
      <i style={{ background: ownerColour(owner) }} />
      <span className="mono">{glyph}</span>
    </span>
  )
}

function Where({ row, detail }: { readonly row: StructureRow; readonly detail: string }) {
  const { offset, length } = row
  // What is wrong comes before what may be cut off.
  const parts = [row.problems.join(', '), length === undefined ? '' : formatBytes(length), detail]
  const text = parts.filter(part => part !== '').join(' · ')
  return (
    <p className="structure-where muted" title={text}>
      {offset !== undefined && <span className="mono">0x{offset.toString(16)}</span>}
      {offset !== undefined && text !== '' && ' · '}
      {text}
    </p>
  )
}

function Marks({ row }: { readonly row: StructureRow }) {
  const { unguarded, unguardedBelow = 0, problems } = row
  return (
    <>
      {unguarded > 0 && (
        <b className="danger structure-mark" title="Its own clusters that no check would find now">
          ! {formatCount(unguarded)}
          <span className="visually-hidden"> unguarded</span>
        </b>
      )}
      {unguardedBelow > 0 && (
        <b
          className="danger structure-mark"
          title="Clusters of the tables below it that no check would find now"
        >
          ! {formatCount(unguardedBelow)}
          <span className="visually-hidden"> unguarded</span> below
        </b>
      )}
      {problems.length > 0 && (
        <b className="structure-mark" title={problems.join(', ')}>
          ◥ {problems.length === 1 ? '1 problem' : `${problems.length} problems`}
        </b>
      )}
    </>
  )
}
