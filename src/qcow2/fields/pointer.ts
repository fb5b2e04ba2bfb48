/** What can be said of any pointer into the image file. */
import type { HostOffset } from '../../lib/units.ts'
import type { Qcow2Image } from '../image.ts'
import { problemText } from './field.ts'

/** @returns what is wrong with a pointer to a whole cluster; 0 points nowhere */
export function clusterPointerProblem(
  target: HostOffset,
  image: Qcow2Image,
  more: readonly (string | false)[] = [],
): string | undefined {
  if (target === 0n) return problemText(more)
  return problemText([
    ...more,
    target % BigInt(image.clusterSize) !== 0n && 'not on a cluster boundary',
    target >= BigInt(image.disk.size) && 'past the end of the file',
  ])
}
