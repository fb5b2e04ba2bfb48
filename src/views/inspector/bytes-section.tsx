import { useEffect, useState } from 'react'
import { formatCount } from '../../lib/sizes.ts'
import type { StructureField } from '../../qcow2/fields/field.ts'
import type { ClusterInspection } from '../../simulation/inspection.ts'
import { useSession } from '../../state/session-store.ts'
import { FieldDetail } from './field-detail.tsx'
import { FieldList } from './field-list.tsx'
import { HexList } from './hex-list.tsx'
import { ROW_BYTES } from './hex-rows.ts'
import { goToOffset } from './inspector-actions.ts'
import { type ClusterPages, useClusterPages } from './use-cluster-pages.ts'
import { useShownRow } from './use-shown-row.ts'
import { useVisits, visitsStore } from './visits-store.ts'

/** Told by its index, or by a byte of it as long as that is all that is known. */
export type FieldChoice = { readonly field: number } | { readonly byte: number }

/** What is chosen in one cluster says nothing of the next. */
interface ChoiceIn {
  readonly cluster: number
  readonly choice: FieldChoice
}

/** A cluster's bytes, and the fields they make up; either points out the other. */
export function BytesSection({ cluster }: { readonly cluster: ClusterInspection }) {
  const pages = useClusterPages(cluster)
  const clusterSize = useSession(state => state.image?.clusterSize ?? 0)
  const place = useVisits(state => state.place)
  const [active, setActive] = useState<ChoiceIn>()
  const [pointed, setPointed] = useState<ChoiceIn>()
  const [placeShown, setPlaceShown] = useState<typeof place>()
  if (place !== placeShown) {
    setPlaceShown(place)
    if (place) setActive({ cluster: place.cluster, choice: { byte: place.byte } })
  }
  const choice = active?.cluster === cluster.cluster ? active.choice : undefined
  const hovered = pointed?.cluster === cluster.cluster ? pointed.choice : undefined
  const choose = (next: FieldChoice) => setActive({ cluster: cluster.cluster, choice: next })
  const pointAt = (next: FieldChoice | undefined) =>
    setPointed(next && { cluster: cluster.cluster, choice: next })

  const activeIndex = choice && fieldIndex(choice, pages)
  const shownIndex = (hovered && fieldIndex(hovered, pages)) ?? activeIndex
  const activeField = fieldOf(activeIndex, pages)
  const shownField = fieldOf(shownIndex, pages)
  const lit = shownField
    ? bytesOf(shownField, cluster.hostOffset)
    : choice && 'byte' in choice
      ? [choice.byte, 1]
      : undefined

  const activeByte = activeField && Math.max(0, Number(activeField.offset - cluster.hostOffset))
  useEffect(() => {
    if (activeByte !== undefined) visitsStore.getState().note({ cluster: cluster.cluster, byte: activeByte })
  }, [activeByte, cluster.cluster])

  // What is pointed at is in view already; its counterpart in the other list is brought there.
  const firstLit = hovered && 'byte' in hovered ? undefined : lit?.[0]
  const hexShown = useShownRow(
    cluster.cluster,
    firstLit === undefined ? undefined : Math.floor(Math.max(0, firstLit) / ROW_BYTES),
  )
  const fieldShown = useShownRow(
    cluster.cluster,
    hovered === undefined ? activeIndex : 'byte' in hovered ? shownIndex : undefined,
  )

  return (
    <>
      <HexList
        rows={pages.rows}
        count={Math.ceil(clusterSize / ROW_BYTES)}
        lit={lit}
        shown={hexShown}
        onHover={byte => pointAt(byte === undefined ? undefined : { byte })}
        onPick={byte => choose({ byte })}
      />
      {cluster.fieldCount === undefined ? (
        <p className="muted">No structure: these bytes have no fields.</p>
      ) : (
        <>
          <FieldList
            fields={pages.fields}
            count={cluster.fieldCount}
            active={activeIndex}
            lit={shownIndex}
            shown={fieldShown}
            onHover={field => pointAt(field === undefined ? undefined : { field })}
            onActivate={field => choose({ field })}
            onFollow={() => follow(activeField)}
          />
          <FieldDetail field={shownField} active={activeField} />
          <p className="visually-hidden">{formatCount(cluster.fieldCount)} fields.</p>
        </>
      )}
    </>
  )
}

function follow(field: StructureField | undefined): void {
  if (field?.target !== undefined) goToOffset(field.target)
}

function fieldIndex(choice: FieldChoice, { rows, cluster }: ClusterPages): number | undefined {
  if (cluster.fieldCount === undefined) return undefined
  if ('field' in choice) return Math.min(choice.field, cluster.fieldCount - 1)
  return rows.at(Math.floor(choice.byte / ROW_BYTES))?.fields[choice.byte % ROW_BYTES]
}

const fieldOf = (index: number | undefined, { fields }: ClusterPages): StructureField | undefined =>
  index === undefined ? undefined : fields.at(index)

/** First byte in the cluster, which may be before it, and number of bytes. */
const bytesOf = (field: StructureField, start: bigint): readonly [first: number, count: number] => [
  Number(field.offset - start),
  field.length,
]
