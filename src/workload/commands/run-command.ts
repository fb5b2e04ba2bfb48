/** Commands carried out on an open image, and what qemu-io or qemu-img would print for them. */
import type { Overlay } from '../../disk/overlay.ts'
import { applySnapshot } from '../../driver/snapshot-apply.ts'
import { checkImage } from '../../driver/check.ts'
import { requestCompressed } from '../../driver/compressed-request.ts'
import type { Driver } from '../../driver/driver.ts'
import { DriverError } from '../../driver/driver-error.ts'
import { closeImage } from '../../driver/flush.ts'
import {
  requestDiscard,
  requestFlush,
  requestReadParts,
  requestWrite,
  requestZeroes,
  requireOpen,
} from '../../driver/requests.ts'
import { resize } from '../../driver/resize.ts'
import { createSnapshot, type SnapshotDate } from '../../driver/snapshot-create.ts'
import { deleteSnapshot } from '../../driver/snapshot-delete.ts'
import { UserError } from '../../lib/user-error.ts'
import { checkLines, repairedLines } from './check-lines.ts'
import type {
  CheckCommand,
  Command,
  DiscardCommand,
  ReadCommand,
  SnapshotCommand,
  WriteCommand,
} from './command.ts'
import { doneLines, failedLine, mismatchLine } from './report-lines.ts'
import { errorNumber, strerror } from './strerror.ts'

/** What a command says. */
export interface CommandOutput {
  readonly lines: readonly string[]
  /** Of commands that are given through QMP. */
  readonly error?: { readonly class: 'GenericError'; readonly desc: string }
}

/** What commands need of whoever opens images. */
export interface CommandHost {
  /** Name of the device, for QMP's errors. */
  readonly device: string
  /** When it is now: snapshots keep it. */
  now(): SnapshotDate
  /** Blockdev option `discard=unmap`: without it, discards and `-u` do nothing. */
  readonly discards: boolean
  /** Cache mode writethrough, which is qemu-io's own: whatever was written is on the disk when the command ends. */
  readonly writesThrough: boolean
  /**
   * Opens the image again, as a new process does: what is in caches is not there any more.
   * @param options blockdev options that change
   * @param repair to be repaired: then it may be marked as corrupt
   * @throws UserError where QEMU would not open it, or would not take the options
   */
  reopen(disk: Overlay, options: Readonly<Record<string, string>>, repair: boolean): Promise<Driver>
}

const SILENT: CommandOutput = { lines: [] }

/** An image in use: commands change it, and may open it anew. */
export class CommandRunner {
  driver: Driver
  private readonly host: CommandHost

  constructor(driver: Driver, host: CommandHost) {
    this.driver = driver
    this.host = host
  }

  /** Carries out one command. What goes wrong is part of the output. */
  async run(command: Command): Promise<CommandOutput> {
    switch (command.kind) {
      case 'write':
        return write(this.driver, command, this.host)
      case 'read':
        return read(this.driver, command)
      case 'discard':
        return discard(this.driver, command, this.host.discards)
      case 'flush':
        try {
          requestFlush(this.driver)
        } catch (error) {
          // qemu-io does not tell.
          driverError(error)
        }
        return SILENT
      case 'snapshot':
        return snapshot(this.driver, command, this.host)
      case 'resize':
        return resizeImage(this.driver, command.size)
      case 'poke':
        this.driver.disk.write(command.offset, command.bytes)
        return SILENT
      case 'reopen':
        this.close()
        return { lines: await this.open(command.options, false) }
      case 'check':
        return this.check(command)
    }
  }

  /** Ends the process: what is held back goes to disk. An image that was given up loses it. */
  close(): void {
    closeImage(this.driver)
  }

  /** @returns why it does not open, if it does not; then there is no image until it does */
  private async open(options: Readonly<Record<string, string>>, repair: boolean): Promise<string[]> {
    const { disk } = this.driver
    try {
      this.driver = await this.host.reopen(disk, options, repair)
      return []
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.driver.isClosed = true
      return [`can't open: ${error.message}`]
    }
  }

  /** `qemu-img check` is a process of its own, and looks a second time when it has repaired something. */
  private async check({ repair }: CheckCommand): Promise<CommandOutput> {
    this.close()
    const lines = await this.open({}, true)
    if (lines.length > 0) return { lines }
    try {
      let result = checkImage(this.driver, repair ?? 'none')
      lines.push(...repairedLines(result))
      if (lines.length > 0) {
        requireOpen(this.driver)
        result = checkImage(this.driver, 'none')
      }
      lines.push(...checkLines(result))
    } catch (error) {
      lines.push(`qemu-img: Check failed: ${strerror(driverError(error).errno)}`)
    }
    this.close()
    return { lines: [...lines, ...(await this.open({}, false))] }
  }
}

/** @throws what is not a failure of the driver: a defect of ours */
function driverError(error: unknown): DriverError {
  if (error instanceof DriverError) return error
  throw error
}

function write(
  driver: Driver,
  command: WriteCommand,
  { discards, writesThrough }: CommandHost,
): CommandOutput {
  const length = Number(command.length)
  const offset = Number(command.offset)
  const data = { fill: command.pattern, length }
  const name = command.async ? 'aio_write' : 'write'
  try {
    if (command.zero) requestZeroes(driver, offset, length, command.unmap && discards)
    else if (command.compressed) requestCompressed(driver, offset, data)
    else requestWrite(driver, offset, data)
    if (command.forceUnitAccess || writesThrough) requestFlush(driver)
  } catch (error) {
    return { lines: [failedLine(name, driverError(error).errno)] }
  }
  return command.quiet ? SILENT : { lines: doneLines('wrote', command.offset, command.length) }
}

function discard(driver: Driver, command: DiscardCommand, discards: boolean): CommandOutput {
  try {
    if (!discards) requireRange(driver, Number(command.offset), Number(command.length))
    else requestDiscard(driver, Number(command.offset), Number(command.length))
  } catch (error) {
    return { lines: [failedLine('discard', driverError(error).errno)] }
  }
  return command.quiet ? SILENT : { lines: doneLines('discard', command.offset, command.length) }
}

/** What is asked of every request. @throws DriverError */
function requireRange(driver: Driver, offset: number, length: number): void {
  requireOpen(driver)
  if (offset + length > driver.virtualSize) throw new DriverError('EIO')
}

function read(driver: Driver, command: ReadCommand): CommandOutput {
  const { offset, length, verify } = command
  let isOther = false
  let at = 0
  try {
    for (const part of requestReadParts(driver, Number(offset), Number(length))) {
      isOther ||= verify !== undefined && differs(part, at, verify)
      at += part.length
    }
  } catch (error) {
    return { lines: [failedLine(command.async ? 'aio_read' : 'read', driverError(error).errno)] }
  }
  return {
    lines: [
      ...(verify && isOther ? [mismatchLine(offset + verify.start, verify.length)] : []),
      ...(command.quiet ? [] : doneLines('read', offset, length)),
    ],
  }
}

/** Whether a part of what was read, which starts `at` bytes into it, has other bytes than the pattern. */
function differs(
  part: Uint8Array,
  at: number,
  { start, length, pattern }: NonNullable<ReadCommand['verify']>,
): boolean {
  const from = Math.max(0, Number(start) - at)
  const to = Math.min(part.length, Number(start + length) - at)
  for (let i = from; i < to; i++) if (part[i] !== pattern) return true
  return false
}

function snapshot(driver: Driver, command: SnapshotCommand, host: CommandHost): CommandOutput {
  const { action, name, qmp } = command
  const failed = (line: string, desc: string): CommandOutput =>
    qmp ? { lines: [], error: { class: 'GenericError', desc } } : { lines: [`qemu-img: ${line}`] }
  if (driver.isClosed)
    return failed(
      `Could not ${action} snapshot '${name}': ${strerror('ENOMEDIUM')}`,
      `Device '${host.device}' has no medium`,
    )
  const known = driver.snapshots.find(one => one.name === name)
  try {
    if (action === 'create') {
      if (qmp && known)
        return failed('', `Snapshot with name '${name}' already exists on device '${host.device}'`)
      createSnapshot(driver, { name, date: host.now(), icount: qmp ? undefined : 0n })
      return SILENT
    }
    if (!known) return unknownSnapshot(command, failed, host)
    if (action === 'apply') applySnapshot(driver, known)
    else deleteSnapshot(driver, known)
    return SILENT
  } catch (error) {
    const { errno } = driverError(error)
    const reason = strerror(errno)
    const words = {
      create: `-${errorNumber(errno)} (${reason})`,
      apply: `Failed to load snapshot: ${reason}`,
      delete: reason,
    }
    return failed(
      `Could not ${action} snapshot '${name}': ${words[action]}`,
      `Failed to ${action} snapshot '${name}' on device '${host.device}': ${reason}`,
    )
  }
}

function unknownSnapshot(
  { action, name }: SnapshotCommand,
  failed: (line: string, desc: string) => CommandOutput,
  { device }: CommandHost,
): CommandOutput {
  return action === 'apply'
    ? failed(`Could not apply snapshot '${name}': Failed to load snapshot: ${strerror('ENOENT')}`, '')
    : failed(
        `Could not delete snapshot '${name}': snapshot not found`,
        `Snapshot with id '(null)' and name '${name}' does not exist on device '${device}'`,
      )
}

function resizeImage(driver: Driver, size: bigint): CommandOutput {
  try {
    requireOpen(driver)
    resize(driver, Number(size))
    return { lines: ['Image resized.'] }
  } catch (error) {
    const { errno, message } = driverError(error)
    return { lines: [`qemu-img: ${message === errno ? `Failed to resize: ${strerror(errno)}` : message}`] }
  }
}
