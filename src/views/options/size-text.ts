/** Sizes in fields: what a person may type, and how it is shown. */
import { parseSize } from '../../lib/sizes.ts'
import { UserError } from '../../lib/user-error.ts'
import type { DraftError } from '../parts/draft.ts'
import { sentence } from '../parts/sentence.ts'

/** The largest of QEMU's suffixes that leaves a whole number: 65536 is "64k", 4380 stays. */
export function sizeText(bytes: bigint): string {
  const suffixes = ['T', 'G', 'M', 'k'] as const
  let unit = 1n << 40n
  for (const suffix of suffixes) {
    if (bytes > 0n && bytes % unit === 0n) return `${bytes / unit}${suffix}`
    unit >>= 10n
  }
  return String(bytes)
}

/**
 * What the page itself prints is taken too: "4 380 B", "64 KiB". QEMU's options take neither the space nor
 * more than the unit's first letter.
 */
const inQemusSpelling = (text: string): string =>
  text
    .trim()
    .replace(/(?<=\d)\s(?=\d{3}(?!\d))/g, '')
    .replace(/(?<=\d)\s*([kmgtpe])ib$/i, '$1')
    .replace(/(?<=\d)\s+(?=[bkmgtpe]$)/i, '')

export type SizeReading =
  | { readonly ok: true; readonly bytes: bigint }
  | { readonly ok: false; readonly error: DraftError }

/**
 * @param parameter QEMU's name of it, for the message: QEMU says "Parameter '…' expects a size"
 */
export function readSize(text: string, parameter: string): SizeReading {
  try {
    return { ok: true, bytes: parseSize(inQemusSpelling(text)) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const message = `Parameter '${parameter}' expects a size. ${sentence(error.message)}`
    return { ok: false, error: { message, advice: error.advice } }
  }
}

const UNLIMITED = /^(|unlimited|none)$/i

/** The same for the limit, where an empty field and "unlimited" mean that there is none. */
export function readLimit(
  text: string,
  parameter: string,
): SizeReading | { readonly ok: true; readonly bytes: undefined } {
  return UNLIMITED.test(text.trim()) ? { ok: true, bytes: undefined } : readSize(text, parameter)
}

export const limitText = (limit: bigint | undefined): string =>
  limit === undefined ? 'unlimited' : sizeText(limit)
