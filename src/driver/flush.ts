/** Writing back what the caches hold, and ending the use of an image. */
import type { Driver } from './driver.ts'
import { passOver } from './driver-error.ts'
import { markClean } from './lazy-refcounts.ts'

/**
 * L2 tables first, then refcount blocks; each brings along what it depends on (QEMU: qcow2_write_caches). Refcounts
 * of an image that is marked as dirty can wait: they are counted anew after a crash.
 * @throws DriverError EIO
 */
export function flushCaches(driver: Driver): void {
  driver.l2Cache.flush()
  if (!driver.isDirty) driver.refcountCache.flush()
}

/** Everything goes to disk, refcounts that could wait included. @throws DriverError EIO */
export function flushEverything(driver: Driver): void {
  driver.l2Cache.flush()
  driver.refcountCache.flush()
}

/**
 * Closes the image as a process that ends does (QEMU: qcow2_inactivate). What an image holds back that was given
 * up is lost; a table whose write is refused is told of, and the others are written all the same.
 */
export function closeImage(driver: Driver): void {
  if (driver.isClosed) return
  const failures = [driver.l2Cache, driver.refcountCache].map(cache => passOver(() => cache.flush()))
  if (failures.every(failure => failure === undefined)) markClean(driver)
}
