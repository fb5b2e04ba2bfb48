import type { Command } from '../commands/command.ts'

/** @returns the commands whose title has every word typed, those that begin with the text first */
export function findCommands(commands: readonly Command[], text: string): readonly Command[] {
  const wanted = text.trim().toLowerCase()
  const words = wanted.split(/\s+/)
  const found = commands.filter(({ title }) => words.every(word => title.toLowerCase().includes(word)))
  const begins = ({ title }: Command) => (title.toLowerCase().startsWith(wanted) ? 0 : 1)
  return found.toSorted((a, b) => begins(a) - begins(b))
}
