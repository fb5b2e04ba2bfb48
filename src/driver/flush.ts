/** Writing back what the caches hold (QEMU: qcow2_write_caches). */
import type { Driver } from './driver.ts'

/** L2 tables first, then refcount blocks; each brings along what it depends on. @throws DriverError EIO */
export function flushCaches(driver: Driver): void {
  driver.l2Cache.flush()
  driver.refcountCache.flush()
}
