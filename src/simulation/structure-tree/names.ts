/** How rows of the tree are called. */
import { formatCount } from '../../lib/sizes.ts'

/** "Entry 5: none", "Entries 5 to 8 191: none". */
export const entriesName = (first: number, count: number, what: string): string =>
  count === 1
    ? `Entry ${formatCount(first)}: ${what}`
    : `Entries ${formatCount(first)} to ${formatCount(first + count - 1)}: ${what}`

/** "2026-03-01 14:05 UTC". @param seconds since 1970 */
export const dateText = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** "1 entry", "8 192 entries": nouns that take an s, and those on -y. */
export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`
  return `${formatCount(count)} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ie` : noun}s`
}
