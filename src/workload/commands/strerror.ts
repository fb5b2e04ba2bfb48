/** Linux's error numbers, as far as the simulated driver gives them, and the C library's words for them. */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  EAGAIN: 11,
  ENOMEM: 12,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  EFBIG: 27,
  ENOSPC: 28,
  ERANGE: 34,
  ENOTSUP: 95,
  ENOMEDIUM: 123,
} as const

const WORDS: Readonly<Record<number, string>> = {
  [Errno.EPERM]: 'Operation not permitted',
  [Errno.ENOENT]: 'No such file or directory',
  [Errno.EIO]: 'Input/output error',
  [Errno.EAGAIN]: 'Resource temporarily unavailable',
  [Errno.ENOMEM]: 'Cannot allocate memory',
  [Errno.EBUSY]: 'Device or resource busy',
  [Errno.EEXIST]: 'File exists',
  [Errno.EINVAL]: 'Invalid argument',
  [Errno.EFBIG]: 'File too large',
  [Errno.ENOSPC]: 'No space left on device',
  [Errno.ERANGE]: 'Numerical result out of range',
  [Errno.ENOTSUP]: 'Operation not supported',
  [Errno.ENOMEDIUM]: 'No medium found',
}

/** @param errno positive */
export const strerror = (errno: number): string => WORDS[errno] ?? `Unknown error ${errno}`
