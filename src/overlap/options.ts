/** What the overlap check was told to do, after QEMU's options have been parsed and checked. */
import type { TypeMask } from '../lib/metadata-types.ts'

export interface OverlapOptions {
  readonly checkedTypes: TypeMask
  readonly bitmapSize: bigint
  /** undefined: unlimited. */
  readonly totalSizeLimit: bigint | undefined
}
