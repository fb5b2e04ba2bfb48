/** Giving back refcount blocks that count nothing (QEMU: qcow2_shrink_reftable, qcow2_discard_refcount_block). */
import { MetadataType } from '../lib/metadata-types.ts'
import type { Bytes } from '../lib/units.ts'
import type { Cause } from './cause.ts'
import { damaged } from './corruption.ts'
import type { Driver } from './driver.ts'
import { blockOffsetOf } from './entry.ts'
import { refcountAt, setRefcountAt } from './refcount-value.ts'
import { refcountBlockOffset } from './refcount-lookup.ts'

const CAUSE: Cause = { phase: 'resizing the image', structure: 'refcountBlock' }

/** Drops every block whose only count, if any, is its own; which these are is decided before the first goes. */
export function dropUnusedRefcountBlocks(driver: Driver): void {
  const unused: { index: number; offset: Bytes }[] = []
  const shorter = driver.refcountTable.clone()
  for (let index = 0; index < driver.refcountTable.length; index++) {
    const offset = blockOffsetOf(driver.refcountTable.high(index), driver.refcountTable.low(index))
    if (offset === 0 || !countsNothing(driver, index, offset)) continue
    unused.push({ index, offset })
    shorter.set(index, 0, 0)
  }
  driver.disk.write(driver.refcountTableOffset, shorter.encode())
  for (const { index, offset } of unused) {
    freeBlock(driver, offset)
    driver.refcountTable.set(index, 0, 0)
    driver.guard.remove(offset, 1, MetadataType.refcountBlock, CAUSE)
  }
}

function countsNothing(driver: Driver, index: number, offset: Bytes): boolean {
  const { clusterSize, refcountsPerBlock, refcountOrder } = driver.geometry
  const own = offset / clusterSize
  const ownIndex = Math.floor(own / refcountsPerBlock) === index ? own % refcountsPerBlock : -1
  return driver.refcountCache.use(offset, block => {
    for (let i = 0; i < refcountsPerBlock; i++)
      if (i !== ownIndex && refcountAt(block, refcountOrder, i) !== 0) return false
    return true
  })
}

function freeBlock(driver: Driver, offset: Bytes): void {
  const { clusterSize, refcountsPerBlock, refcountOrder } = driver.geometry
  const cluster = offset / clusterSize
  const counter = refcountBlockOffset(driver, cluster)
  if (counter === 0) throw damaged(driver, `Refblock at 0x${offset.toString(16)} is missing`)
  driver.refcountCache.use(counter, (block, slot) => {
    const count = refcountAt(block, refcountOrder, cluster % refcountsPerBlock)
    if (count !== 1)
      throw damaged(
        driver,
        `Invalid refcount: refblock offset 0x${offset.toString(16)}, refcount 0x${count.toString(16)}`,
      )
    setRefcountAt(driver.refcountCache.change(slot), refcountOrder, cluster % refcountsPerBlock, 0)
  })
  driver.cursor = Math.min(driver.cursor, cluster)
  driver.refcountCache.discard(offset)
}
