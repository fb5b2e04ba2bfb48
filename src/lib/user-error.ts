import type { HostOffset } from './units.ts'

/**
 * An error that a person can act on: what is wrong, where, and what to do. Its message is fit to be
 * shown as it stands. Everything else that is thrown is a defect of ours.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  /** Where in the file (bytes), if the fault has a place. */
  readonly offset: HostOffset | undefined
  /** What to do about it, a sentence. */
  readonly advice: string | undefined

  constructor(message: string, details: { offset?: HostOffset; advice?: string } = {}) {
    super(message)
    this.offset = details.offset
    this.advice = details.advice
  }
}
