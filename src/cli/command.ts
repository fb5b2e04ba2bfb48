/** What the headless tool's commands have in common. */

/** Wrong usage: exit status 2, as opposed to 1 for a bad image or input. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Command {
  readonly name: string
  /** Its arguments, as the usage line shows them. */
  readonly usage: string
  readonly summary: string
  /** @throws UsageError, UserError */
  run(args: string[], output: Output): Promise<void>
}

/** Where a command's lines go: standard output, or a test. */
export interface Output {
  write(text: string): void
}
