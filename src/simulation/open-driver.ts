/** Opening an image for commands: the engine is filled as at opening, and goes on telling what happens. */
import type { Overlay } from '../disk/overlay.ts'
import { checkImage } from '../driver/check.ts'
import type { Corruption, ScanCall } from '../driver/corruption.ts'
import { Driver } from '../driver/driver.ts'
import { DriverError, type Errno } from '../driver/driver-error.ts'
import type { CallListener } from '../driver/guard.ts'
import { strerror } from '../driver/strerror.ts'
import type { HostOffset } from '../lib/units.ts'
import { UserError } from '../lib/user-error.ts'
import { windowOffset } from '../overlap/position.ts'
import { Incompatible } from '../qcow2/features.ts'
import type { Qcow2Image } from '../qcow2/image.ts'
import { openImage } from '../qcow2/open-image.ts'
import { openSequence } from '../qcow2/open-sequence.ts'
import { type OpeningRun, runOpening, scannedTypesOf } from './opening-run.ts'
import type { RunOptions } from './report.ts'

/** A range that may go unchecked from now on, bytes. */
export interface UncheckedRange {
  readonly start: HostOffset
  readonly length: bigint
}

/** What an open image tells, in the order in which it happens. */
export interface LiveListener {
  /**
   * The memory limit was reached; each repeat of the event is told.
   * @param range undefined: no check can be expected on the whole image
   * @param step engine calls before this one, since the opening began
   */
  limitReached(range: UncheckedRange | undefined, step: number): void
  corrupted(corruption: Corruption, step: number): void
  /** After every check of mainline's. */
  scanned?(call: ScanCall): void
  /** What QEMU would write on stderr. */
  message?(text: string): void
  /** After every engine call that a command makes. */
  called?: CallListener
}

export interface OpenedImage {
  /** undefined where the list could not be made, and the image does not open. */
  readonly driver: Driver | undefined
  readonly run: OpeningRun
  readonly image: Qcow2Image
}

/**
 * Opens an image for writing. Events of the opening are told before this returns.
 * @param disk the image; commands change it
 * @param repair to be repaired: then it may be marked as corrupt
 * @throws UserError where QEMU would refuse the image
 */
export async function openDriver(
  disk: Overlay,
  options: RunOptions,
  listener: LiveListener,
  { repair = false }: { readonly repair?: boolean } = {},
): Promise<OpenedImage> {
  const image = await openImage(disk)
  const { clusterBits } = image.header
  if (!repair) requireSound(image)
  const sequence = await openSequence(image)
  const run = runOpening({ clusterBits, fileSize: disk.size, sequence }, options)
  const rangeOf = (window: number, length: number): UncheckedRange => ({
    start: windowOffset(window, clusterBits),
    length: BigInt(length) << BigInt(clusterBits),
  })
  const { log } = run.recorder
  for (let group = 0; group < log.groups; group++)
    for (const event of log.members(group, 0, Infinity))
      if (event.kind === 'limit')
        listener.limitReached(
          event.rule === undefined ? undefined : rangeOf(event.window, event.length),
          event.step,
        )
  if (run.outcome.kind === 'refused') return { driver: undefined, run, image }

  let step = run.recorder.steps.count
  const driver = Driver.open(image, disk, {
    engine: run.engine,
    scannedTypes: scannedTypesOf(run),
    listener: {
      corrupted: corruption => listener.corrupted(corruption, step),
      scanned: call => listener.scanned?.(call),
      message: text => listener.message?.(text),
    },
    onCall: call => {
      step++
      listener.called?.(call)
    },
  })
  if (run.engine)
    run.engine.listener = {
      limitReached(_rule, window, length, repeats) {
        for (let i = 0; i < repeats; i++) listener.limitReached(rangeOf(window, length), step)
      },
    }
  if (driver.isDirty && !repair) repairDirty(driver)
  return { driver, run, image }
}

export const isMarkedCorrupt = ({ header }: Qcow2Image): boolean =>
  (header.incompatibleFeatures & Incompatible.corrupt) !== 0n

/** @throws UserError if the image is marked as corrupt: QEMU would not write to it, but repair it */
export function requireSound(image: Qcow2Image): void {
  if (isMarkedCorrupt(image))
    throw new UserError('qcow2: Image is corrupt; cannot be opened read/write', {
      offset: 72n,
      advice: 'Repair it with check -r all.',
    })
}

/** Refcounts of an image that was in use when its process died are counted anew, as QEMU does when it opens one. */
export function repairDirty(driver: Driver): void {
  let errno: Errno | undefined
  try {
    // What cannot be repaired keeps it from being opened no more than it does QEMU.
    if (checkImage(driver, 'all').checkErrors > 0) errno = 'EIO'
  } catch (error) {
    if (!(error instanceof DriverError)) throw error
    errno = error.errno
  }
  if (errno)
    throw new UserError(`Could not repair dirty image: ${strerror(errno)}`, {
      offset: 72n,
      advice: 'See what qemu-img check says of it.',
    })
}
