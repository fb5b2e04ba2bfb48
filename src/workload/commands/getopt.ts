/** Options of one command line, taken as getopt(3) takes them for qemu-io. */
import { UserError } from '../../lib/user-error.ts'

export interface Arguments {
  /** Letters that were given, each with its argument ('' for those that take none). */
  readonly options: ReadonlyMap<string, string>
  readonly operands: readonly string[]
}

/** How a command is called. */
export interface Syntax {
  readonly name: string
  /** As getopt takes them: a letter each, a colon behind those with an argument. */
  readonly letters: string
  /** What follows the name, as qemu-io's own usage lines have it. */
  readonly usage: string
  readonly operands: { readonly min: number; readonly max: number }
}

export const usageOf = ({ name, usage }: Syntax): string => `Accepted: ${[name, usage].join(' ').trim()}.`

/**
 * @param words what stands behind the command's name; options and operands may be mixed
 * @throws UserError in qemu-io's words, with the accepted form
 */
export function getopt(words: readonly string[], syntax: Syntax): Arguments {
  const options = new Map<string, string>()
  const operands: string[] = []
  const refuse = (message: string) => new UserError(message, { advice: usageOf(syntax) })
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === '--') {
      operands.push(...words.slice(at + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word)
      continue
    }
    for (let i = 1; i < word.length; i++) {
      const letter = word.charAt(i)
      const place = letter === ':' ? -1 : syntax.letters.indexOf(letter)
      if (place < 0) throw refuse(`${syntax.name}: invalid option -- '${letter}'`)
      if (syntax.letters[place + 1] !== ':') {
        options.set(letter, '')
        continue
      }
      const argument = word.slice(i + 1) || words[++at]
      if (argument === undefined) throw refuse(`${syntax.name}: option requires an argument -- '${letter}'`)
      options.set(letter, argument)
      break
    }
  }
  const { min, max } = syntax.operands
  const open = syntax.letters !== ''
  // qemu-io counts options as arguments here, and leaves the rest to the command.
  if (open ? words.length < min : operands.length < min || operands.length > max)
    throw refuse(
      `bad argument count ${words.length} to ${syntax.name}, expected ${open ? 'at least ' : ''}${min} arguments`,
    )
  if (operands.length < min || operands.length > max)
    throw refuse(`${syntax.name} takes ${min} arguments, not ${operands.length}`)
  return { options, operands }
}
