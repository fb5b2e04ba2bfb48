/** What can go wrong inside the simulated driver, as the errno that QEMU's function would return. */
export type Errno =
  | 'EIO'
  | 'EINVAL'
  | 'ENOSPC'
  | 'ENOTSUP'
  | 'EFBIG'
  | 'EAGAIN'
  | 'ENOMEDIUM'
  | 'ENOENT'
  | 'EEXIST'

/**
 * A driver function failed, as QEMU's would with -errno. Commands print it in strerror's words; it is never shown
 * as it stands, and the driver's state is what QEMU's would be after the failure.
 */
export class DriverError extends Error {
  override readonly name = 'DriverError'
  readonly errno: Errno

  constructor(errno: Errno, message: string = errno) {
    super(message)
    this.errno = errno
  }
}

/**
 * Does what QEMU does without looking at the answer.
 * @returns the failure that was passed over, if there was one
 */
export function passOver(action: () => void): DriverError | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof DriverError) return error
    throw error
  }
}
