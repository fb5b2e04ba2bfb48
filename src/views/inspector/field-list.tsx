import { type CSSProperties, type KeyboardEvent, type MouseEvent, useId } from 'react'
import type { StructureField } from '../../qcow2/fields/field.ts'
import type { Pages } from '../../state/pages.ts'
import { RowList } from './row-list.tsx'

/** CSS pixels. */
const ROW_HEIGHT = 20
/** Rows that Page Up and Page Down move by. */
const PAGE_ROWS = 8

interface Props {
  readonly fields: Pages<StructureField>
  readonly count: number
  /** The field that keys act on. */
  readonly active: number | undefined
  /** The one that is pointed out. */
  readonly lit: number | undefined
  readonly shown: { readonly row: number } | undefined
  onHover(field: number | undefined): void
  onActivate(field: number): void
  /** Enter, or a click on the field that is active already. */
  onFollow(): void
}

/** The fields of a cluster by name. A list with one focus: arrows move, Enter goes where the field points. */
export function FieldList({ fields, count, active, lit, shown, onHover, onActivate, onFollow }: Props) {
  const id = useId()
  const go = (to: number) => onActivate(Math.min(Math.max(to, 0), count - 1))
  const at = active ?? -1
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    PageDown: () => go(at + PAGE_ROWS),
    PageUp: () => go(at - PAGE_ROWS),
    Home: () => go(0),
    End: () => go(count - 1),
    Enter: onFollow,
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key]
    if (!move) return
    event.preventDefault()
    move()
  }
  return (
    <RowList
      className="fields"
      role="listbox"
      tabIndex={0}
      aria-label="Fields"
      aria-activedescendant={active === undefined ? undefined : `${id}-${active}`}
      count={count}
      rowHeight={ROW_HEIGHT}
      shown={shown}
      onKeyDown={onKeyDown}
      // By key only: a click is about the field that it is on.
      onFocus={({ currentTarget }) => {
        if (active === undefined && currentTarget.matches(':focus-visible')) onActivate(0)
      }}
      onMouseOver={event => onHover(fieldUnder(event))}
      onMouseLeave={() => onHover(undefined)}
      renderRow={(index, style) => (
        <FieldRow
          key={index}
          id={`${id}-${index}`}
          field={fields.at(index)}
          index={index}
          count={count}
          active={index === active}
          lit={index === lit}
          style={style}
          onPick={() => (index === active ? onFollow() : onActivate(index))}
        />
      )}
    />
  )
}

interface RowProps {
  readonly id: string
  /** undefined while it is on the way. */
  readonly field: StructureField | undefined
  readonly index: number
  readonly count: number
  readonly active: boolean
  readonly lit: boolean
  readonly style: CSSProperties
  onPick(): void
}

function FieldRow({ id, field, index, count, active, lit, style, onPick }: RowProps) {
  return (
    // The list has the focus and its keys; aria-activedescendant points at the active row.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={active}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-field={index}
      className={rowClass(field, lit)}
      style={style}
      onClick={onPick}
    >
      <span className="field-name mono">{field?.name ?? '…'}</span>
      <span className="field-meaning">
        {field?.problem && <b title={field.problem}>wrong: {field.problem} </b>}
        {field?.meaning}
      </span>
      {field?.target !== undefined && <span className="field-arrow">→</span>}
    </div>
  )
}

const rowClass = (field: StructureField | undefined, isLit: boolean): string =>
  `field-row${field?.empty ? ' field-empty' : ''}${isLit ? ' field-lit' : ''}`

function fieldUnder({ target }: MouseEvent): number | undefined {
  const row = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-field]') : null
  return row ? Number(row.dataset['field']) : undefined
}
