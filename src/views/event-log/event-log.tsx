import { useState } from 'react'
import { formatCount } from '../../lib/sizes.ts'
import type { RunReport } from '../../simulation/report.ts'
import { LOG_KINDS, type LogKind, NO_FILTER } from '../../state/log-filter.ts'
import { useLogFocus } from '../../state/log-focus-store.ts'
import { selectionStore } from '../../state/selection-store.ts'
import { useSession } from '../../state/session-store.ts'
import { copyText } from '../commands/actions.ts'
import { CommandButton } from '../commands/command-button.tsx'
import { LogList } from './log-list.tsx'
import { QmpText } from './qmp-text.tsx'
import { type LogModel, type ShownRow, useLogModel } from './use-log-model.ts'
import './event-log.css'

const KIND_TEXTS: Readonly<Record<LogKind, string>> = {
  all: 'All events',
  range: 'Naming a range',
  'whole-image': 'Whole image',
  repeated: 'Repeated',
  corrupted: 'Image corrupted',
  missed: 'Missed overlaps',
}

const count = (n: number, one: string) => `${formatCount(n)} ${one}${n === 1 ? '' : 's'}`

/** Every QMP event of the run, as QEMU would send it; the same one in a row is one row with a count. */
export function EventLog() {
  const run = useSession(state => state.run)
  const revision = useSession(state => state.revision)
  const report = useSession(state => state.report)
  const events = report?.events ?? 0
  const groups = report?.logGroups ?? 0
  const model = useLogModel(run, revision, groups)
  const [active, setActive] = useState({ run, revision, row: -1 })
  useAskedRow(model, row => setActive({ run, revision, row }))
  const isCurrent = active.run === run && active.revision === revision && active.row < model.rowCount
  const row = isCurrent ? active.row : -1
  const shown = row >= 0 ? model.row(row) : undefined
  const missed = report?.missedOverlaps ?? 0
  const missedText = missed > 0 ? `${count(missed, 'missed overlap')}, ` : ''
  const total = `${count(events, 'event')}, ${missedText}${count(groups, 'row')}`

  return (
    <section className="panel log" aria-label="Event log" data-panel="log">
      <div className="panel-head">
        <h2>Event log</h2>
        {report && <span className="log-total">{total}</span>}
        <span className="visually-hidden" role="status">
          {report ? `Event log: ${total}` : ''}
        </span>
        {groups > 0 && <LogTools model={model} groups={groups} />}
      </div>
      {groups === 0 ? (
        <p className="empty log-empty">{emptyText(report)}</p>
      ) : (
        <LogList
          model={model}
          active={row}
          onActivate={to => setActive({ run, revision, row: to })}
          onLocate={located => locate(located)}
          onCopy={copy}
        />
      )}
      {shown && <LogDetail shown={shown} />}
    </section>
  )
}

/** Activates a row that another panel asks for; a filter that hides it is lifted first. */
function useAskedRow(model: LogModel, activate: (row: number) => void): void {
  const asked = useLogFocus(state => state.asked)
  const [answered, setAnswered] = useState(asked)
  if (!asked || asked === answered) return
  const { matches, rowCount } = model
  const place = matches ? matches.groups.indexOf(asked.group) : asked.group
  if (place < 0) {
    model.setFilter(NO_FILTER)
    return
  }
  setAnswered(asked)
  if (place < rowCount) activate(model.rowOf(place))
}

function LogTools({ model, groups }: { readonly model: LogModel; readonly groups: number }) {
  const { filter, setFilter, matches } = model
  return (
    <span className="log-tools">
      {matches && (
        <span className="muted">
          {matches.searched < groups
            ? `searched ${formatCount(matches.searched)} of ${formatCount(groups)}`
            : `${count(matches.groups.length, 'row')} shown`}
        </span>
      )}
      <input
        className="field log-filter"
        type="search"
        placeholder="Filter"
        aria-label="Filter the event log by text"
        value={filter.text}
        onChange={event => setFilter({ ...filter, text: event.target.value })}
        onKeyDown={event => event.key === 'Escape' && setFilter(NO_FILTER)}
      />
      <select
        className="field log-kind"
        aria-label="Kind of events"
        value={filter.kind}
        onChange={event => setFilter({ ...filter, kind: event.target.value as LogKind })}
      >
        {LOG_KINDS.map(kind => (
          <option key={kind} value={kind}>
            {KIND_TEXTS[kind]}
          </option>
        ))}
      </select>
      <CommandButton id="export-log" variant="button-small">
        Export
      </CommandButton>
    </span>
  )
}

/** The active row in full: its JSON, and why it was sent. */
function LogDetail({ shown }: { readonly shown: ShownRow }) {
  const why = shown.member?.event?.why ?? shown.group?.why
  const json = jsonOf(shown)
  if (why === undefined || json === undefined) return null
  return (
    <div className="log-detail" role="group" aria-label="Selected event">
      <p className="log-why">{why}</p>
      <p className="log-detail-json mono">
        <QmpText json={json} />
      </p>
      <span className="log-detail-actions">
        <button type="button" className="button button-small" onClick={() => copy(shown)}>
          Copy
        </button>
        {shown.group?.range && (
          <button type="button" className="button button-small" onClick={() => locate(shown)}>
            Show on map
          </button>
        )}
      </span>
    </div>
  )
}

const jsonOf = (shown: ShownRow) => (shown.member ? shown.member.event?.json : shown.group?.json)

function copy(shown: ShownRow): void {
  const json = jsonOf(shown)
  if (json !== undefined) void copyText(json, 'Event')
}

/** Shows the event's range on the map, and pins the cluster that it is about. */
function locate(shown: ShownRow): void {
  const range = shown.group?.range
  if (!range) return
  const { reveal, select } = selectionStore.getState()
  reveal(range)
  select((shown.member ? shown.member.event?.cluster : shown.group?.cluster) ?? range.start)
}

function emptyText(report: RunReport | undefined): string {
  if (!report) return 'QMP events appear here once an image is open.'
  switch (report.outcome.kind) {
    case 'off':
      return 'No event: with template none nothing is recorded, so no limit can be reached. Check a type in the options.'
    case 'scanned':
      return 'No event: mainline’s check makes no list, so it has no limit to reach. It only tells of a write that it refuses.'
    case 'refused':
      return 'No event: the image did not open, so QEMU reports an error instead. Raise the limit, or open it unchecked.'
    default:
      return report.budget.limit === undefined
        ? 'No event: there is no memory limit to reach. Drag the limit in the memory budget down until bitmaps no longer fit, and watch.'
        : 'No event: the limit was never reached. Drag it further down in the memory budget, and watch.'
  }
}
