import { UserError } from '../lib/user-error.ts'

/** The file itself cannot be read: it was moved, changed or denied while it was open. */
export class DiskError extends UserError {
  override readonly name = 'DiskError'
}
