import type { Errno } from '../../driver/driver-error.ts'

/** Linux's numbers. */
const NUMBERS: Readonly<Record<Errno, number>> = {
  ENOENT: 2,
  EIO: 5,
  EAGAIN: 11,
  EEXIST: 17,
  EINVAL: 22,
  EFBIG: 27,
  ENOSPC: 28,
  ENOTSUP: 95,
  ENOMEDIUM: 123,
}

/** The C library's words for what the simulated driver can fail with. */
const WORDS: Readonly<Record<Errno, string>> = {
  EIO: 'Input/output error',
  EINVAL: 'Invalid argument',
  ENOSPC: 'No space left on device',
  ENOTSUP: 'Operation not supported',
  EFBIG: 'File too large',
  EAGAIN: 'Resource temporarily unavailable',
  ENOMEDIUM: 'No medium found',
  ENOENT: 'No such file or directory',
  EEXIST: 'File exists',
}

export const strerror = (errno: Errno): string => WORDS[errno]

export const errorNumber = (errno: Errno): number => NUMBERS[errno]
