/** Words of a line as a shell would split it: for lines pasted from an iotest. */

/**
 * Quotes group and vanish; variables stay as they stand. Ends at a pipe, a redirection, `;` or `&`: what
 * follows filters the output.
 */
export function shellWords(line: string): string[] {
  const words: string[] = []
  const token = /\s*(?:(#.*)|(\d?[<>|;&].*)|((?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\|;&<>])+))/y
  while (token.lastIndex < line.length) {
    const match = token.exec(line)
    const word = match?.[3]
    if (word === undefined) break
    words.push(unquoted(word))
  }
  return words
}

const unquoted = (word: string): string =>
  word.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g,
    (_, double?: string, single?: string, escaped?: string) =>
      // Within double quotes a backslash is one, except before what would be special there: "\x00" keeps it.
      double === undefined ? (single ?? escaped ?? '') : double.replace(/\\(["\\$`])/g, '$1'),
  )
