import { Segmented } from '../parts/segmented.tsx'
import { inspectorPageStore, useInspectorPage } from './inspector-page.ts'

const PAGES = [
  { value: 'inspect', text: 'Inspect', title: 'One cluster and its window' },
  { value: 'structures', text: 'Structures', title: 'The image’s tables, from the header down (X)' },
] as const

/** Between what is known of one cluster, and the tree of all structures. */
export function InspectorPageSwitch() {
  const page = useInspectorPage()
  return (
    <Segmented
      label="Inspector page"
      choices={PAGES}
      value={page}
      onChange={value => inspectorPageStore.getState().show(value)}
    />
  )
}
