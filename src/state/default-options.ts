import { TEMPLATES } from '../lib/metadata-types.ts'
import type { RunOptions } from '../simulation/report.ts'

/** What QEMU does when no option is given, for a device of the usual name. */
export const DEFAULT_OPTIONS: RunOptions = {
  checkedTypes: TEMPLATES.cached,
  bitmapSize: 65536n,
  totalSizeLimit: undefined,
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
