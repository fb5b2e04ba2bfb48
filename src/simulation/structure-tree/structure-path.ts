/** The way through the tree to what holds a cluster, from the paths that the cluster's report tells. */
import type { CancelSignal } from '../../lib/cancel.ts'
import type { Qcow2Image } from '../../qcow2/image.ts'
import type { Claim, ClusterReport } from '../../qcow2/owner-map.ts'
import type { StructureRow, StructureStep } from '../structure-page.ts'
import type { StructureTree } from './structure-tree.ts'

/**
 * @returns the steps from the root down to the node whose clusters hold this one; none where nothing refers to it
 * @throws Cancelled, DiskError
 */
export async function structurePath(
  tree: StructureTree,
  image: Qcow2Image,
  report: ClusterReport,
  signal?: CancelSignal,
): Promise<StructureStep[]> {
  const { cluster, owner } = report
  // Of several claims the one that the map shows.
  const claims = report.claims.toSorted((a, b) => Number(b.owner === owner) - Number(a.owner === owner))
  for (const claim of claims) {
    for (const id of nodesOf(claim, image)) {
      const steps = await stepsTo(tree, id, cluster, signal)
      if (steps) return steps
    }
  }
  return []
}

/** The ids that a claim's path may mean: names of snapshots need not be unique. */
export function nodesOf({ path }: Claim, image: Qcow2Image): string[] {
  const [, first, second, third] = path
  if (first === undefined) return ['header']
  const whole = WHOLE.get(first)
  if (whole !== undefined && second === undefined) return [whole]
  const block = /^refcount table\[(\d+)\]$/.exec(first)
  if (block) return [`refcount-table/${block[1]}`]
  if (first === 'bitmap directory')
    return namesakes(image.bitmapDirectory?.bitmaps ?? [], bitmap => `bitmap ${bitmap.name}` === second).map(
      index => `bitmaps/${index}/table${entries(third)}`,
    )
  if (first.startsWith('snapshot '))
    return namesakes(image.snapshots, ({ name, id }) => `snapshot ${name || id}` === first).map(
      index => `snapshots/${index}/l1${entries(second, third)}`,
    )
  return [`l1${entries(first, second)}`]
}

const WHOLE: ReadonlyMap<string, string> = new Map([
  ['refcount table', 'refcount-table'],
  ['L1 table', 'l1'],
  ['snapshot table', 'snapshots'],
  ['bitmap directory', 'bitmaps'],
  ['crypto header', 'luks'],
])

const namesakes = <T>(list: readonly T[], is: (item: T) => boolean): number[] =>
  list.flatMap((item, index) => (is(item) ? [index] : []))

/** "L1[3]", "L2[17]" become "/3/17", and "table[5]" of a bitmap "/5". */
const entries = (...steps: readonly (string | undefined)[]): string =>
  steps
    .map(step => /^(?:L1|L2|table)\[(\d+)\]$/.exec(step ?? '')?.[1])
    .filter(entry => entry !== undefined)
    .map(entry => `/${entry}`)
    .join('')

/** @returns undefined where the node is not there, or does not hold the cluster */
async function stepsTo(
  tree: StructureTree,
  id: string,
  cluster: number,
  signal?: CancelSignal,
): Promise<StructureStep[] | undefined> {
  const steps: StructureStep[] = []
  let found: StructureRow | undefined
  for (const key of id.split('/')) {
    const branch = await tree.branch(found?.id ?? '', signal)
    const row = await branch.rowOf(key, signal)
    found = row < 0 ? undefined : (await branch.rows(row, 1, signal))[0]
    if (!found) return undefined
    steps.push({ id: found.id, row, total: branch.total })
  }
  return found && holds(found, cluster) ? steps : undefined
}

const holds = ({ clusters }: StructureRow, cluster: number): boolean =>
  clusters !== undefined && cluster >= clusters.start && cluster < clusters.start + clusters.count
