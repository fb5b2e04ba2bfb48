import { type Command, isEnabled } from '../commands/command.ts'

/**
 * @returns the commands whose title has every word typed: those that can be run now before the others, and
 *   among them those that begin with the text
 */
export function findCommands(commands: readonly Command[], text: string): readonly Command[] {
  const wanted = text.trim().toLowerCase()
  const words = wanted.split(/\s+/)
  const found = commands.filter(({ title }) => words.every(word => title.toLowerCase().includes(word)))
  const rank = (command: Command) =>
    (isEnabled(command) ? 0 : 2) + (command.title.toLowerCase().startsWith(wanted) ? 0 : 1)
  return found.toSorted((a, b) => rank(a) - rank(b))
}
