/** Completing what is typed on the command line: names of commands, then their options. */

/** What completion needs of a command's definition. */
export interface Completable {
  readonly name: string
  /** As getopt takes them: a letter each, a colon behind those with an argument. */
  readonly letters: string
  readonly usage: string
  readonly summary: string
}

export interface Completion {
  /** The line after it: as much more as all candidates have in common. */
  readonly line: string
  /** What the last word may become; one or none: there is nothing to choose. */
  readonly candidates: readonly string[]
}

/** @returns undefined where the last word is none that can be completed: an offset, a length, nothing at all */
export function complete(line: string, commands: readonly Completable[]): Completion | undefined {
  const words = line.trimStart().split(/\s+/)
  const [name = ''] = words
  const last = words.at(-1) ?? ''
  if (last === '') return undefined
  if (words.length === 1) return completion(line, last, namesFrom(name, commands))
  const command = commands.find(one => one.name === name)
  if (!command || !last.startsWith('-')) return undefined
  const given = words.slice(1, -1).filter(word => word.startsWith('-'))
  const letters = [...command.letters].filter(
    letter => /[a-z]/i.test(letter) && !given.some(word => word.includes(letter)),
  )
  return completion(
    line,
    last,
    letters.map(letter => `-${letter}`).filter(option => option.startsWith(last)),
  )
}

/** The definition of the command that a line begins with. */
export function commandOf<C extends Completable>(line: string, commands: readonly C[]): C | undefined {
  const [name] = line.trim().split(/\s+/)
  return commands.find(one => one.name === name)
}

const namesFrom = (start: string, commands: readonly Completable[]): string[] =>
  commands.map(({ name }) => name).filter(name => name.startsWith(start))

function completion(line: string, last: string, candidates: readonly string[]): Completion | undefined {
  const [first] = candidates
  if (first === undefined) return undefined
  let common = first
  for (const candidate of candidates) while (!candidate.startsWith(common)) common = common.slice(0, -1)
  const end = candidates.length === 1 ? ' ' : ''
  return { line: line.slice(0, line.length - last.length) + common + end, candidates }
}
