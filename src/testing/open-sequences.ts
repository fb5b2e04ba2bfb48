/** Open sequences made by hand. */
import type { OpenSequence } from '../qcow2/open-sequence.ts'

const WINDOW = 4096

/** The sequence that enters these ranges one after the other. */
export function sequenceOf(
  ranges: readonly { readonly cluster: number; readonly clusters: number; readonly types: number }[],
): OpenSequence {
  return {
    count: ranges.length,
    window: Float64Array.from(ranges, ({ cluster }) => Math.floor(cluster / WINDOW)),
    index: Uint16Array.from(ranges, ({ cluster }) => cluster % WINDOW),
    nbClusters: Uint32Array.from(ranges, ({ clusters }) => clusters),
    types: Uint8Array.from(ranges, ({ types }) => types),
    aligned: new Uint8Array(ranges.length).fill(1),
    tableIndex: Uint32Array.from(ranges.keys()),
    snapshot: new Int32Array(ranges.length).fill(-1),
  }
}
