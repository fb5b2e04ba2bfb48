/** An image opened for commands, with everything that it tells written down. */
import { Overlay } from '../disk/overlay.ts'
import type { SyncSource } from '../disk/sync-source.ts'
import type { Corruption } from '../driver/corruption.ts'
import { Driver } from '../driver/driver.ts'
import type { EngineCall } from '../driver/guard.ts'
import { MetadataList } from '../overlap/metadata-list.ts'
import { DEFAULT_OVERLAP_OPTIONS, type OverlapOptions } from '../overlap/options.ts'
import { openImage } from '../qcow2/open-image.ts'
import { openSequence } from '../qcow2/open-sequence.ts'
import { runOpening } from '../simulation/opening-run.ts'

/** What the driver told, in order. */
export type Told =
  | { readonly kind: 'call'; readonly call: EngineCall }
  | { readonly kind: 'limit'; readonly window: number; readonly length: number }
  | { readonly kind: 'corrupted'; readonly corruption: Corruption }

export interface DrivenImage {
  readonly driver: Driver
  readonly engine: MetadataList | undefined
  /** Grows while commands run; empty it as you like. */
  readonly told: Told[]
}

/** @returns undefined where the limit leaves no room for the list, and the image does not open */
export async function drive(
  source: SyncSource,
  options: OverlapOptions = DEFAULT_OVERLAP_OPTIONS,
): Promise<DrivenImage | undefined> {
  const disk = new Overlay(source)
  const image = await openImage(disk)
  const run = runOpening(
    { clusterBits: image.header.clusterBits, fileSize: disk.size, sequence: await openSequence(image) },
    { ...options, version: 'v6', device: 'drv0', nodeName: '', openUnchecked: false },
  )
  if (run.outcome.kind === 'refused') return undefined
  const told: Told[] = []
  const driver = Driver.open(image, disk, { engine: run.engine })
  listen(driver, told)
  return { driver, engine: run.engine, told }
}

/** From now on, what the driver tells is written down here. */
export function listen(driver: Driver, told: Told[]): void {
  driver.guard.listener = call => told.push({ kind: 'call', call })
  driver.listener = { corrupted: corruption => told.push({ kind: 'corrupted', corruption }) }
  const { engine } = driver.guard
  if (engine instanceof MetadataList)
    engine.listener = {
      limitReached: (_, window, length, repeats) => {
        for (let i = 0; i < repeats; i++) told.push({ kind: 'limit', window, length })
      },
    }
}
