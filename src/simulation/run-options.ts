/** Options of a run: the defaults, and when two are the same. */
import { DEFAULT_OVERLAP_OPTIONS } from '../overlap/options.ts'
import type { RunOptions } from './report.ts'

/** What QEMU does when no option is given, for a device of the usual name. */
export const DEFAULT_OPTIONS: RunOptions = {
  ...DEFAULT_OVERLAP_OPTIONS,
  version: 'v6',
  device: 'virtio0',
  nodeName: '',
  openUnchecked: false,
}

export function sameOptions(a: RunOptions, b: RunOptions): boolean {
  return (
    a.checkedTypes === b.checkedTypes &&
    a.bitmapSize === b.bitmapSize &&
    a.totalSizeLimit === b.totalSizeLimit &&
    a.version === b.version &&
    a.device === b.device &&
    a.nodeName === b.nodeName &&
    a.openUnchecked === b.openUnchecked
  )
}
