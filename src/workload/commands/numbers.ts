/** Numbers on a command line, refused in qemu-io's words. */
import { parseSize } from '../../lib/sizes.ts'
import { UserError } from '../../lib/user-error.ts'

/** The longest request that the block layer takes: whole sectors below 2 GiB. */
export const MAX_REQUEST_BYTES = 2n ** 31n - 512n

const SIZE_ADVICE = 'Sizes are bytes, or a number with k, M, G, T, P or E (powers of 1024): 65536, 64k, 1.5G.'

/** @returns an offset, length or size in bytes */
export function bytesOf(text: string): bigint {
  try {
    return parseSize(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const reason = error.message.includes('too large')
      ? 'argument too large'
      : 'non-numeric argument, or extraneous/unrecognized suffix'
    throw new UserError(`Parsing error: ${reason} -- ${text}`, { advice: SIZE_ADVICE })
  }
}

/** @returns a request's length in bytes, at most MAX_REQUEST_BYTES. @param rider words between limit and value */
export function lengthOf(text: string, rider = ''): bigint {
  const length = bytesOf(text)
  if (length > MAX_REQUEST_BYTES)
    throw new UserError(`length cannot exceed ${MAX_REQUEST_BYTES}${rider}, given ${text}`, {
      advice: 'Split it into several commands.',
    })
  return length
}

/** @returns the length of one buffer of an aio request, as lengthOf; qemu-io has other words for it */
export function vectorOf(text: string): bigint {
  const length = bytesOf(text)
  if (length > MAX_REQUEST_BYTES)
    throw new UserError(`Argument '${text}' exceeds maximum size ${MAX_REQUEST_BYTES}`, {
      advice: 'Split it into several commands.',
    })
  return length
}

/** @returns the byte that -P names: decimal, 0x hexadecimal or 0 octal, as strtol takes it */
export function patternOf(text: string): number {
  const value = /^0[0-7]+$/.test(text)
    ? Number.parseInt(text, 8)
    : /^(0|[1-9]\d*|0x[0-9a-f]+)$/i.test(text)
      ? Number(text)
      : Number.NaN
  if (!(value <= 255))
    throw new UserError(`${text} is not a valid pattern byte`, {
      advice: 'Give a number from 0 to 255, as in -P 0x11.',
    })
  return value
}

/** @throws UserError unless it is a multiple of 512. @param what qemu-io's name for it */
export function requireSectors(value: bigint, what: 'offset' | 'count'): void {
  if (value % 512n !== 0n)
    throw new UserError(`${value} is not a sector-aligned value for '${what}'`, {
      advice: 'Compressed writes take whole sectors of 512 bytes.',
    })
}
