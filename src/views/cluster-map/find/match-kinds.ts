/** Kinds of clusters by the words that people type for them. */
import { FIND_KINDS, type FindKind } from '../../../lib/find-kinds.ts'

/** How well typed words fit a kind: its very name, the beginning of its label, of another name, words somewhere in one. */
const EXACT = 4
const LABEL = 3
const ALIAS = 2
const WORDS = 1

const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

function fit({ label, aliases }: FindKind, text: string): number {
  const names = [label, ...aliases].map(wordsOf)
  if (names.includes(text)) return EXACT
  if (names[0]!.startsWith(text)) return LABEL
  if (names.some(name => name.startsWith(text))) return ALIAS
  const typed = text.split(' ')
  const holdsAll = (name: string) => {
    const words = name.split(' ')
    return typed.every(part => words.some(word => word.startsWith(part)))
  }
  return names.some(holdsAll) ? WORDS : 0
}

/** @returns kinds that the words may mean, the best first; all of them for no words */
export function matchKinds(typed: string): {
  readonly kinds: readonly FindKind[]
  readonly best: readonly FindKind[]
} {
  const text = wordsOf(typed)
  if (text === '') return { kinds: typed.trim() === '' ? FIND_KINDS : [], best: [] }
  const fits = FIND_KINDS.map(kind => ({ kind, fit: fit(kind, text) })).filter(each => each.fit > 0)
  const sorted = fits.toSorted((a, b) => b.fit - a.fit)
  const most = sorted[0]?.fit
  return {
    kinds: sorted.map(({ kind }) => kind),
    best: sorted.filter(each => each.fit === most).map(({ kind }) => kind),
  }
}
