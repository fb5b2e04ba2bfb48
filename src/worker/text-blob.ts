/** Text that comes in pieces, as a file: what is finished of it need not stay in the script's own memory. */

/** Characters gathered before they are handed on. */
const PIECE = 2 ** 20

export async function textBlob(pieces: AsyncIterable<string>, type: string): Promise<Blob> {
  const parts: Blob[] = []
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < PIECE) continue
    parts.push(new Blob([text]))
    text = ''
  }
  return new Blob([...parts, text], { type })
}
