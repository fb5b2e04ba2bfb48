/** "No such file or directory" rather than Node's "ENOENT: no such file or directory, open '…'". */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /^[A-Z]+: ([^,]+)/.exec(message)?.[1] ?? message
}
