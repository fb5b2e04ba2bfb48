import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { formatCount, formatShortCount } from '../../lib/sizes.ts'
import {
  countKind,
  hiddenBut,
  isUnguardedKind,
  layerKinds,
  type LayerKind,
} from '../../render/layer-kinds.ts'
import { useLayerFilter } from '../../state/layer-filter-store.ts'
import { usePreferences } from '../../state/preferences-store.ts'
import { useSession } from '../../state/session-store.ts'
import { CommandButton } from '../commands/command-button.tsx'
import { FrameKeys } from './frame-keys.tsx'
import { LAYER_TEXTS } from './layer-texts.ts'
import { LegendSwatch } from './legend-swatch.tsx'

/**
 * What cells and frames mean, how many clusters there are of each kind, and which kinds are seen: every kind is a
 * switch.
 */
export function MapLegend({ counts }: { readonly counts: Float64Array | undefined }) {
  const layer = usePreferences(state => state.layer)
  const hidden = useLayerFilter(state => state.hidden[layer])
  const setHidden = useLayerFilter(state => state.setHidden)
  const checkedTypes = useSession(state => state.report?.options.checkedTypes ?? 0)
  const outcome = useSession(state => state.report?.outcome.kind)
  const kinds = layerKinds(layer, checkedTypes)
  const listed = kinds
    .map(kind => ({ kind, count: counts && countKind(kind, counts) }))
    .filter(({ kind, count }) => kind.always || (count ?? 0) > 0)
  const shown = kinds.flatMap(({ id }) => (hidden.includes(id) ? [] : [id]))

  const group = useRef<HTMLDivElement>(null)
  const hadHidden = useRef(false)
  useEffect(() => {
    // The button that showed everything again is gone, and with it the place of whoever pressed it by key.
    if (hidden.length === 0 && document.activeElement === document.body && hadHidden.current)
      group.current?.querySelector<HTMLElement>('button[tabindex="0"]')?.focus()
    hadHidden.current = hidden.length > 0
  }, [hidden])

  const showOnly = (kind: LayerKind) => {
    const others = hiddenBut(kinds, kind)
    const isOnly = !hidden.includes(kind.id) && others.every(id => hidden.includes(id))
    setHidden(layer, isOnly ? [] : others)
  }
  return (
    <div className="map-legend">
      {outcome && (
        <ToggleGroup
          ref={group}
          multiple
          className="legend-kinds"
          aria-label={`Kinds of clusters by ${LAYER_TEXTS[layer].name.toLowerCase()}`}
          value={shown}
          onValueChange={(values, { event }) => {
            // With Alt it is about one kind alone, which the button itself sees to.
            if ('altKey' in event && event.altKey) return
            setHidden(
              layer,
              kinds.flatMap(({ id }) => (values.includes(id) ? [] : [id])),
            )
          }}
        >
          <ul aria-label="Legend">
            {listed.map(({ kind, count }) => (
              <li key={kind.id}>
                <KindSwitch kind={kind} count={count} onOnly={() => showOnly(kind)} />
              </li>
            ))}
            {outcome === 'refused' && (
              <li className="legend-note">
                <b>Not opened:</b> no window is held.
              </li>
            )}
          </ul>
        </ToggleGroup>
      )}
      {hidden.length > 0 && (
        <CommandButton id="layer-show-all" variant="button-small legend-reset">
          Show all
        </CommandButton>
      )}
      <FrameKeys />
    </div>
  )
}

interface KindSwitchProps {
  readonly kind: LayerKind
  readonly count: number | undefined
  onOnly(): void
}

function KindSwitch({ kind, count, onOnly }: KindSwitchProps) {
  const { id, text, title } = kind
  const danger = isUnguardedKind(kind) ? 'legend-kind legend-unguarded' : 'legend-kind'
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    onOnly()
  }
  return (
    <Toggle
      value={id}
      className={danger}
      title={`${title}${count === undefined ? '' : `: ${formatCount(count)} ${count === 1 ? 'cluster' : 'clusters'}`}. Click to hide or show; double click, or Alt with a click or Enter: only this`}
      onClick={event => {
        if (event.altKey) onOnly()
      }}
      onDoubleClick={event => {
        if (!event.altKey) onOnly()
      }}
      onKeyDown={onKeyDown}
    >
      <LegendSwatch kind={kind} />
      {text}
      {count !== undefined && <b>{formatShortCount(count)}</b>}
    </Toggle>
  )
}
