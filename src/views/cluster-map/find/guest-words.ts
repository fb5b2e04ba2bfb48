/** The way from a guest offset to the host, in words, each step with the cluster it is in. */
import { formatBytes, formatCount } from '../../../lib/sizes.ts'
import type { GuestRoute } from '../../../simulation/guest-route.ts'

export interface GuestStep {
  readonly text: string
  /** Where the step is; undefined where there is nothing on the map to go to. */
  readonly cluster: number | undefined
}

export interface GuestWords {
  readonly steps: readonly GuestStep[]
  /** What the guest reads there. */
  readonly sentence: string
}

const hex = (offset: bigint): string => `0x${offset.toString(16)}`

/**
 * @param extent of the map: what lies past it is told, but cannot be gone to
 */
export function guestWords(
  route: GuestRoute,
  extent: { readonly clusterSize: number; readonly clusters: number },
): GuestWords {
  const clusterAt = (offset: bigint | undefined): number | undefined => {
    if (offset === undefined) return undefined
    const cluster = offset / BigInt(extent.clusterSize)
    return cluster < BigInt(extent.clusters) ? Number(cluster) : undefined
  }
  const { guestOffset, l1Index, l1EntryOffset, l2Offset, l2Index, l2EntryOffset, hostOffset, subcluster } =
    route
  const steps: GuestStep[] = [
    { text: `guest ${hex(guestOffset)}`, cluster: undefined },
    {
      text: `L1[${formatCount(l1Index)}]${l1EntryOffset === undefined ? ', past the table’s end' : ''}`,
      cluster: clusterAt(l1EntryOffset),
    },
  ]
  if (l2Offset !== undefined)
    steps.push(
      { text: `L2 at ${hex(l2Offset)}`, cluster: clusterAt(l2Offset) },
      {
        text: `entry ${formatCount(l2Index)}${subcluster === undefined ? '' : `, subcluster ${subcluster}`}`,
        cluster: clusterAt(l2EntryOffset),
      },
    )
  if (hostOffset !== undefined)
    steps.push({ text: hostText(route, hostOffset), cluster: hostClusterOf(route, extent) })
  return { steps, sentence: sentenceOf(route) }
}

/** The cluster of the map that holds what the guest reads; undefined where there is none. */
export function hostClusterOf(
  { hostOffset, inDataFile }: GuestRoute,
  { clusterSize, clusters }: { readonly clusterSize: number; readonly clusters: number },
): number | undefined {
  if (hostOffset === undefined || inDataFile) return undefined
  const cluster = hostOffset / BigInt(clusterSize)
  return cluster < BigInt(clusters) ? Number(cluster) : undefined
}

function hostText({ inDataFile, compressedLength }: GuestRoute, hostOffset: bigint): string {
  if (inDataFile) return `${hex(hostOffset)} of the data file`
  if (compressedLength === undefined) return `host ${hex(hostOffset)}`
  return `host ${hex(hostOffset)} to ${hex(hostOffset + BigInt(compressedLength) - 1n)}`
}

function sentenceOf(route: GuestRoute): string {
  const { kind, hostOffset, subcluster, compressedLength, unaligned, backingFile } = route
  const what = subcluster === undefined ? 'It' : 'The subcluster'
  if (unaligned) return 'That is not on a cluster boundary: QEMU refuses to read it.'
  switch (kind) {
    case 'compressed':
      return `Compressed, into ${formatBytes(compressedLength ?? 0)} at most.`
    case 'zero':
      return `${what} reads as zeros.`
    case 'zero-allocated':
      return `${what} reads as zeros, though there is a place set aside for it.`
    case 'unallocated': {
      const place = hostOffset === undefined ? '' : ', though there is a place set aside for it'
      const from = backingFile === undefined ? 'zeros' : `what the backing file ${backingFile} has there`
      return `${what} is not allocated${place}: the guest reads ${from}.`
    }
    case 'normal':
      return 'Allocated: the guest’s data are there.'
  }
}
