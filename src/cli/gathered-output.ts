import type { Output } from './command.ts'

const PIECE_CHARACTERS = 2 ** 16

/** Lines are gathered and handed on many at once: a system call for each of a million would cost more than they do. */
export class GatheredOutput implements Output {
  private readonly put: (text: string) => void
  private text = ''

  /** @param put takes what was gathered */
  constructor(put: (text: string) => void) {
    this.put = put
  }

  write(text: string): void {
    this.text += text
    if (this.text.length >= PIECE_CHARACTERS) this.flush()
  }

  /** Hands on what is left; call it at the end, whatever that is. */
  flush(): void {
    const { text } = this
    this.text = ''
    if (text !== '') this.put(text)
  }
}
