/** Sizes as QEMU takes them, and bytes and counts as people read them. */
import { UserError } from './user-error.ts'

/** Exponents of two of QEMU's suffixes, lower case. */
const SUFFIX_SHIFT: Readonly<Record<string, bigint>> = {
  b: 0n,
  k: 10n,
  m: 20n,
  g: 30n,
  t: 40n,
  p: 50n,
  e: 60n,
}

/** What most sizes are. */
const DIGITS = /^[0-9]+$/
const DECIMAL = /^[ \t\n\v\f\r]*\+?([0-9]+)(\.[0-9]*)?([bkmgtpe]?)$/i
const HEXADECIMAL = /^[ \t\n\v\f\r]*\+?0x([0-9a-f]+)([kmgtp]?)$/i

/** The largest size that QEMU's own options take. */
export const MAX_QEMU_SIZE = (1n << 63n) - 1n

/**
 * Reads a size the way QEMU 7.2 does (util/cutils.c, qemu_strtosz): bytes, or a number with k, M, G, T, P or
 * E for powers of 1024, in either case; `b` for bytes; fractions before a suffix (`1.5G`), rounded to
 * the nearest byte; hexadecimal with 0x and without fraction. (In hexadecimal B and E are digits.)
 * @param limits `max`: the largest size accepted, 2^63 - 1 where left out
 * @returns bytes
 * @throws UserError saying what is accepted
 */
export function parseSize(text: string, limits: { readonly max?: bigint } = {}): bigint {
  const max = limits.max ?? MAX_QEMU_SIZE
  const bytes = readSize(text)
  if (bytes === undefined)
    throw new UserError(`'${text}' is not a size`, {
      advice:
        'Give bytes, or a number with one of the suffixes k, M, G, T, P, E (powers of 1024), such as 65536, 64k or 1.5G.',
    })
  if (bytes > max)
    throw new UserError(`The size '${text}' is too large`, {
      advice: `It must be between 0 and ${max} (${formatBytes(max)}).`,
    })
  return bytes
}

function readSize(text: string): bigint | undefined {
  if (DIGITS.test(text)) return BigInt(text)
  const hexadecimal = HEXADECIMAL.exec(text)
  if (hexadecimal) {
    const [, digits = '', suffix = ''] = hexadecimal
    return BigInt(`0x${digits}`) << shiftOf(suffix)
  }
  const decimal = DECIMAL.exec(text)
  if (!decimal) return undefined
  const [, whole = '', fraction = '', suffix = ''] = decimal
  const shift = shiftOf(suffix)
  // QEMU holds the fraction as a double, then as 64 bits of fixed point; 0.99999999999999999999 is 1.0 and wraps.
  const fixed = BigInt.asUintN(64, BigInt(Math.floor(Number(`0${fraction}`) * 2 ** 64)))
  if (shift === 0n) return fixed === 0n ? BigInt(whole) : undefined
  const half = 1n << 63n
  return (BigInt(whole) << shift) + (((fixed << shift) + half) >> 64n)
}

const shiftOf = (suffix: string): bigint => SUFFIX_SHIFT[suffix.toLowerCase()] ?? 0n

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const

/**
 * Bytes in binary units: "768 MiB", "1.5 GiB". Exact where two decimals are enough for that, else rounded
 * to three or four significant digits.
 * @param bytes not negative
 */
export function formatBytes(bytes: number | bigint): string {
  const value = Number(bytes)
  const found = UNITS.findIndex((_, index) => value < 1024 ** (index + 1))
  const unit = found < 0 ? UNITS.length - 1 : found
  const scaled = value / 1024 ** unit
  const exact = Number.isInteger(scaled * 100)
  const rounded = scaled < 10 ? 2 : 1
  return `${exact ? scaled : scaled.toFixed(rounded)} ${UNITS[unit]}`
}

/** An offset: in binary units where these say it exactly ("768 MiB"), else in hexadecimal. @param offset not negative */
export function formatOffset(offset: bigint): string {
  if (offset === 0n) return '0'
  const text = formatBytes(offset)
  const isExact = readSize(text.replace(' ', '').replace(/iB$/, '')) === offset
  return isExact ? text : `0x${offset.toString(16)}`
}

/** Between groups of digits: narrow, and never at the end of a line (U+202F). */
export const GROUP_SPACE = '\u202f'

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** A whole number where there is little room: exact below 100 000, then to three digits, as in "16.8M". */
export const formatShortCount = (count: number): string =>
  count < 100_000 ? formatCount(count) : COMPACT.format(count)

/** A whole number in groups of three digits, as in "16 384". */
export function formatCount(count: number | bigint): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, GROUP_SPACE)
}
