import { formatCount } from '../../lib/sizes.ts'
import { selectionStore, useSelection } from '../../state/selection-store.ts'
import { InspectorPageSwitch } from '../structure-tree/inspector-page-switch.tsx'
import { useInspectorPage } from '../structure-tree/inspector-page.ts'
import { StructureTree } from '../structure-tree/structure-tree.tsx'
import { CommandButton } from '../commands/command-button.tsx'
import { InspectorContents } from './inspector-contents.tsx'
import { useVisits } from './visits-store.ts'
import './inspector.css'

/** Everything about one cluster and the window around it, or the tree of all structures. */
export function Inspector() {
  const page = useInspectorPage()
  return (
    <section className="panel" aria-label="Inspector" data-panel="inspector">
      <div className="panel-head">
        <h2>Inspector</h2>
        <InspectorPageSwitch />
        <Steps />
        <Pin />
      </div>
      {page === 'structures' ? <StructureTree /> : <ClusterPage />}
    </section>
  )
}

function ClusterPage() {
  // A region that scrolls must be reachable by key.
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="panel-body inspector-body" tabIndex={0} role="group" aria-label="Cluster and window">
      <InspectorContents />
    </div>
  )
}

/** Back and forward along the links that were followed. */
function Steps() {
  // Drawn anew when there is somewhere to go: whether there is, the commands tell.
  const isUsed = useVisits(state => state.past.length > 0 || state.future.length > 0)
  useVisits(state => `${state.past.length > 0} ${state.future.length > 0}`)
  if (!isUsed) return null
  return (
    <span className="inspector-steps">
      <CommandButton id="inspector-back" variant="button-small button-quiet" label="Back">
        ←
      </CommandButton>
      <CommandButton id="inspector-forward" variant="button-small button-quiet" label="Forward">
        →
      </CommandButton>
    </span>
  )
}

function Pin() {
  const selected = useSelection(state => state.selected)
  const hovered = useSelection(state => state.hovered)
  if (selected === undefined) return null
  const elsewhere = hovered !== undefined && hovered !== selected
  return (
    <button
      type="button"
      className="button button-small button-quiet inspector-pin"
      title="Unpin the cluster"
      onClick={() => selectionStore.getState().select(undefined)}
    >
      <span className="inspector-pin-words">{elsewhere ? `pinned: ${formatCount(selected)}` : 'pinned'}</span>{' '}
      <span aria-hidden="true">×</span>
      <span className="visually-hidden">, unpin</span>
    </button>
  )
}
