import { Tooltip } from '@base-ui/react/tooltip'
import {
  METADATA_TYPES,
  type MetadataTypeInfo,
  TEMPLATES,
  type TemplateName,
} from '../../lib/metadata-types.ts'
import { OWNERS } from '../../lib/owners.ts'
import { formatCount } from '../../lib/sizes.ts'
import { ownerColour, ownerStyle } from '../../render/owner-style.ts'
import { templateOf } from '../../state/overlap-check-option.ts'
import { useSession } from '../../state/session-store.ts'
import { Segmented } from '../parts/segmented.tsx'
import { TYPE_TEXTS } from './type-texts.ts'

const TEMPLATE_CHOICES = (Object.keys(TEMPLATES) as TemplateName[]).map(value => ({ value, text: value }))

/** The template of checked types, and each type for itself: at once the map's legend. */
export function TypeList() {
  const options = useSession(state => state.options)
  const setOptions = useSession(state => state.setOptions)
  return (
    <>
      <Segmented
        label="Template of overlap-check"
        choices={TEMPLATE_CHOICES}
        value={templateOf(options.checkedTypes)}
        onChange={name => setOptions({ ...options, checkedTypes: TEMPLATES[name] })}
      />
      <Tooltip.Provider delay={300}>
        <ul className="types">
          {METADATA_TYPES.map((type, bitNumber) => (
            <TypeRow key={type.name} type={type} bitNumber={bitNumber} />
          ))}
        </ul>
      </Tooltip.Provider>
    </>
  )
}

function TypeRow({ type, bitNumber }: { readonly type: MetadataTypeInfo; readonly bitNumber: number }) {
  const options = useSession(state => state.options)
  const setOptions = useSession(state => state.setOptions)
  const clusters = useSession(state => state.report?.typeCounts[bitNumber])
  const owner = OWNERS.find(each => each.type === type.bit)?.code ?? 0
  const checked = (options.checkedTypes & type.bit) !== 0
  return (
    <li>
      <Tooltip.Root>
        <Tooltip.Trigger render={<div />} closeOnClick={false}>
          <label className={checked ? 'type' : 'type type-off'}>
            <input
              type="checkbox"
              checked={checked}
              aria-describedby={`about-${type.name}`}
              onChange={() => setOptions({ ...options, checkedTypes: options.checkedTypes ^ type.bit })}
            />
            <i className="type-swatch" style={{ background: ownerColour(owner) }} />
            <span>{type.label}</span>
            <span className="type-glyph mono" aria-hidden="true">
              {ownerStyle(owner).glyph}
            </span>
            <span className="type-count" title="clusters in the image">
              {clusters === undefined ? '' : formatCount(clusters)}
            </span>
          </label>
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Positioner side="right" sideOffset={12}>
            <Tooltip.Popup className="tooltip">
              <b>{type.label}</b> <span className="mono muted">overlap-check.{type.option}</span>
              <p>{TYPE_TEXTS[type.name]}</p>
            </Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      </Tooltip.Root>
      <span id={`about-${type.name}`} className="visually-hidden">
        {TYPE_TEXTS[type.name]}
      </span>
    </li>
  )
}
