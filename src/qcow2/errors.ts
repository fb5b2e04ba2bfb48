import { UserError } from '../lib/user-error.ts'
import type { HostOffset } from '../lib/units.ts'

/** Why an image does not open: QEMU's words, and where in the file the fault stands. */
export class Qcow2Error extends UserError {
  override readonly name = 'Qcow2Error'

  /** @param offset of the field or entry at fault, in bytes from the start of the file */
  constructor(message: string, offset: HostOffset, advice?: string) {
    super(message, advice === undefined ? { offset } : { offset, advice })
  }
}
