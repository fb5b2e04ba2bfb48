/**
 * What counting clusters needs of itself: a refcount block takes a cluster too, which must be counted, so the
 * function that counts is handed to those that make blocks.
 */
import type { Bytes, ClusterIndex } from '../lib/units.ts'
import type { Driver } from './driver.ts'
import { DriverError, passOver } from './driver-error.ts'

/** 'restart': metadata was placed on the way, perhaps where the caller wanted to be; it looks for a place again. */
export type Progress = 'done' | 'restart'

export type AddRefcounts = (driver: Driver, start: ClusterIndex, count: number, delta: 1 | -1) => Progress

/**
 * Counts every cluster that the bytes touch down by one. QEMU goes on when that fails, and tells it on stderr.
 */
export function countDown(driver: Driver, add: AddRefcounts, offset: Bytes, bytes: Bytes): void {
  if (bytes === 0) return
  const { clusterSize } = driver.geometry
  const first = Math.floor(offset / clusterSize)
  const count = Math.floor((offset + bytes - 1) / clusterSize) - first + 1
  const failure = passOver(() => {
    if (add(driver, first, count, -1) === 'restart') throw new DriverError('EAGAIN')
  })
  if (failure) driver.listener.message?.(`qcow2_free_clusters failed: ${failure.errno}`)
}
