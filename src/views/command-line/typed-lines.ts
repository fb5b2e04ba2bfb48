/** Lines that were typed, and where among them the arrow keys are. */
export class TypedLines {
  private readonly lines: string[] = []
  /** Past the last: the line that is being typed. */
  private at = 0
  private draft = ''

  add(line: string): void {
    if (this.lines.at(-1) !== line) this.lines.push(line)
    this.at = this.lines.length
    this.draft = ''
  }

  /** @param present what the field holds; @returns the line before, undefined at the first */
  older(present: string): string | undefined {
    if (this.at === 0) return undefined
    if (this.at === this.lines.length) this.draft = present
    return this.lines[--this.at]
  }

  /** @returns the line after; undefined where there is none */
  newer(): string | undefined {
    if (this.at === this.lines.length) return undefined
    this.at++
    return this.at === this.lines.length ? this.draft : this.lines[this.at]
  }
}
