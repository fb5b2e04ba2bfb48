import { type KeyboardEvent, useEffect } from 'react'
import { useSession } from '../../state/session-store.ts'
import { useVirtualRows } from '../parts/use-virtual-rows.ts'
import { indexOf, parentId, placeAt, rowCount, type RowPlace } from './open-nodes.ts'
import { followSelection, followSession, locate } from './structure-actions.ts'
import { StructureTreeRow } from './structure-tree-row.tsx'
import { activeIndex, structureStore, useStructures } from './structure-store.ts'
import './structure-tree.css'

/** CSS pixels: two lines of text. */
const ROW_HEIGHT = 40

/** All structures of the image. A tree with one focus: arrows move and fold, Enter goes there on the map. */
export function StructureTree() {
  const run = useSession(state => state.run)
  const failure = useStructures(state => state.failure)
  const hasRows = useStructures(state => state.root.total > 0)
  useEffect(followSession, [])
  useEffect(followSelection, [])
  return (
    <>
      {failure && <p className="structure-failure">The structures could not be read: {failure}</p>}
      {hasRows ? (
        <Rows />
      ) : (
        <p className="empty structure-empty">
          {run > 0
            ? 'Following the header…'
            : 'The image’s tables, from the header down to the clusters they name: shown here once an image is open.'}
        </p>
      )}
    </>
  )
}

function Rows() {
  const root = useStructures(state => state.root)
  const active = useStructures(activeIndex)
  // Rows arrive without the tree being another one.
  useStructures(state => state.arrivals)
  const { scroller, height, rows, page } = useVirtualRows(rowCount(root), ROW_HEIGHT, active)
  const { activate, open, close, rowAt } = structureStore.getState()
  const toggle = (place: RowPlace) => (place.node ? close(place.node.id) : void open(place))

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const place = active >= 0 ? placeAt(root, active) : undefined
    const row = place && rowAt(place)
    const moves: Record<string, () => void> = {
      ArrowDown: () => activate(active + 1),
      ArrowUp: () => activate(active - 1),
      PageDown: () => activate(active + page),
      PageUp: () => activate(active - page),
      Home: () => activate(0),
      End: () => activate(rowCount(root) - 1),
      ArrowRight: () => {
        if (!place) return
        if (!place.node) void open(place)
        else if (place.node.total > 0) activate(active + 1)
      },
      ArrowLeft: () => {
        if (!place) return
        if (place.node) close(place.node.id)
        else if (place.parent !== root) activate(indexOf(root, parentId(place.parent.id), place.parent.row))
      },
      Enter: () => row && locate(row),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    move()
  }

  return (
    <div
      ref={scroller}
      className="structure-scroller"
      role="tree"
      tabIndex={0}
      aria-label="Structures"
      aria-activedescendant={active >= 0 ? `structure-row-${active}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={() => active < 0 && activate(0)}
    >
      <div role="presentation" className="structure-rows" style={{ height }}>
        {rows.map(({ index, top }) => {
          const place = placeAt(root, index)
          const row = rowAt(place)
          return (
            <StructureTreeRow
              key={index}
              id={`structure-row-${index}`}
              style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT }}
              row={row}
              place={place}
              isActive={index === active}
              onPick={() => {
                activate(index)
                if (row) locate(row)
              }}
              onFold={() => {
                activate(index)
                toggle(place)
              }}
            />
          )
        })}
      </div>
    </div>
  )
}
