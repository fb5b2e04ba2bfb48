/** What qemu-io prints, letter for letter; the time that a command took is an X, for none passes here. */
import type { Errno } from '../../driver/driver-error.ts'
import { fixed } from './printf.ts'
import { strerror } from '../../driver/strerror.ts'

/** @returns the two lines behind a command that was done */
export function doneLines(verb: 'wrote' | 'read' | 'discard', offset: bigint, length: bigint): string[] {
  return [`${verb} ${length}/${length} bytes at offset ${offset}`, `${sizeText(Number(length))}, 1 ops; X`]
}

/** @param command as qemu-io calls it: "write", "aio_write", "readv" for aio_read */
export const failedLine = (command: string, errno: Errno): string => `${command} failed: ${strerror(errno)}`

export const mismatchLine = (offset: bigint, length: bigint): string =>
  `Pattern verification failed at offset ${offset}, ${length} bytes`

const UNITS = [' bytes', ' KiB', ' MiB', ' GiB', ' TiB', ' PiB', ' EiB'] as const

/** qemu-io's cvtstr: three decimals, or none if they are all zero. @param bytes whole */
export function sizeText(bytes: number): string {
  let value = bytes
  let unit = 0
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024
  const text = Number.isInteger(value) ? String(value) : fixed(value, 3).replace(/\.000$/, '')
  return `${text}${UNITS[unit]}`
}
