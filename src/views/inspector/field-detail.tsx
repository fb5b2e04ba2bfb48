import type { StructureField } from '../../qcow2/fields/field.ts'
import { OffsetLink } from './offset-link.tsx'

interface Props {
  readonly field: StructureField | undefined
  /** The one that was picked: its link stays where it is while others are pointed at. */
  readonly active: StructureField | undefined
}

/** A field in full: where it stands, what is stored, what that means, where it leads. */
export function FieldDetail({ field, active }: Props) {
  if (!field) return <p className="field-detail muted">Point at a byte or a field to see which is which.</p>
  return (
    <div className="field-detail">
      <p>
        <b className="mono">{field.name}</b>{' '}
        <span className="muted">
          at <span className="mono">0x{field.offset.toString(16)}</span>, {lengthText(field)}
        </span>
      </p>
      <p>
        {field.raw !== undefined && <span className="mono">0x{field.raw.toString(16)} </span>}
        {field.meaning}
      </p>
      {field.problem && <p className="inspector-flag">Wrong: {field.problem}.</p>}
      {active?.target !== undefined && (
        <p>
          Follow <span className="mono">{active.name}</span> to <OffsetLink offset={active.target} />
        </p>
      )}
    </div>
  )
}

function lengthText({ length, bits }: StructureField): string {
  if (bits?.count === 1) return `bit ${bits.first}`
  if (bits && bits.count < 8) return `bits ${bits.first} to ${bits.first + bits.count - 1}`
  return `${length} ${length === 1 ? 'byte' : 'bytes'}`
}
