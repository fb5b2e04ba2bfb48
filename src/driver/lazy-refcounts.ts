/**
 * Lazy refcounts (compatible feature bit 0): the image is marked as dirty before the first change, and then refcounts
 * need not be on disk before the L2 tables that count on them (QEMU: qcow2_mark_dirty, qcow2_mark_clean).
 */
import type { Driver } from './driver.ts'
import { clearIncompatible, markIncompatible } from './header-fields.ts'

const DIRTY = 1

/** Comes before entries are set that point to new clusters. */
export function markDirty(driver: Driver): void {
  if (!driver.usesLazyRefcounts || driver.isDirty) return
  driver.isDirty = true
  markIncompatible(driver, DIRTY)
}

/** Comes when everything is on disk. */
export function markClean(driver: Driver): void {
  if (!driver.isDirty) return
  driver.isDirty = false
  clearIncompatible(driver, DIRTY)
}
