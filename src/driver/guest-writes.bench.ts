/**
 * Guest writes, each of them flushed as qemu-io does, against the engine calls that they make, alone. A driver that
 * does more for a write than it did shows in the ratio.
 */
import { type CallList, makeCalls } from '../overlap/call-list.ts'
import type { OverlapEngine } from '../overlap/engine.ts'
import type { Benchmark } from '../testing/benchmark.ts'
import { carryOut, engineCallsOf, openBlank, workloadCommands } from '../testing/guest-writes.ts'
import type { Driver } from './driver.ts'

const DISK_BYTES = 64 * 2 ** 30
const WRITES = 8_000
/** The calls alone are over too soon to be timed. */
const REPEATS = 20

export const benchmarks: readonly Benchmark[] = ['sequential', 'random', 'database'].map(workload => {
  const commands = workloadCommands(`${workload}:${WRITES}`, DISK_BYTES)
  let calls: CallList
  let engine: OverlapEngine
  let driver: Driver
  return {
    name: `driver: ${workload} guest writes, ${DISK_BYTES / 2 ** 30} GiB`,
    unit: 'write',
    contestants: [
      {
        name: 'their engine calls alone',
        async prepare() {
          calls ??= await engineCallsOf(commands, DISK_BYTES)
          engine = (await openBlank(DISK_BYTES, true)).engine
        },
        run() {
          for (let i = 0; i < REPEATS; i++) makeCalls(engine, calls)
          return WRITES * REPEATS
        },
      },
      ...[true, false].map(guarded => ({
        name: guarded ? 'guarded' : 'unguarded',
        async prepare() {
          driver = (await openBlank(DISK_BYTES, guarded)).driver
        },
        run() {
          carryOut(driver, commands)
          return WRITES
        },
      })),
    ],
  }
})
