/** An image in use by commands: opened anew when one of them asks for it. */
import type { Overlay } from '../disk/overlay.ts'
import type { Driver } from '../driver/driver.ts'
import { UserError } from '../lib/user-error.ts'
import { MetadataList } from '../overlap/metadata-list.ts'
import { DEFAULT_OVERLAP_OPTIONS, parseOverlapOptions } from '../overlap/options.ts'
import { reopenOptions } from '../overlap/reopen-options.ts'
import { type LiveListener, openDriver } from '../simulation/open-driver.ts'
import type { RunOptions } from '../simulation/report.ts'
import { parseLine } from '../workload/commands/parse-script.ts'
import { type CommandOutput, CommandRunner } from '../workload/commands/run-command.ts'

/** How an image is opened: blockdev options as they were given, and what is not among them. */
export interface SessionOptions {
  readonly blockdev: { readonly [key: string]: unknown }
  readonly run: Omit<RunOptions, 'checkedTypes' | 'bitmapSize' | 'totalSizeLimit'>
  /** Whether discards reach the image. */
  readonly discards: boolean
  /** Whether everything is on the disk after each write. */
  readonly writesThrough: boolean
}

export class CommandSession {
  private readonly runner: CommandRunner
  private blockdev: { readonly [key: string]: unknown }

  /** @throws UserError where QEMU would refuse the image or the options */
  static async open(disk: Overlay, options: SessionOptions, listener: LiveListener): Promise<CommandSession> {
    const driver = await open(disk, options, options.blockdev, listener, false)
    return new CommandSession(driver, options, listener)
  }

  /** @param driver opened under these options */
  constructor(driver: Driver, options: SessionOptions, listener: LiveListener) {
    this.blockdev = options.blockdev
    this.runner = new CommandRunner(driver, {
      device: options.run.device || options.run.nodeName,
      discards: options.discards,
      writesThrough: options.writesThrough,
      now: () => {
        const milliseconds = Date.now()
        return { seconds: Math.floor(milliseconds / 1000), nanoseconds: (milliseconds % 1000) * 1_000_000 }
      },
      reopen: (disk, changed, repair) => {
        this.blockdev = reopenOptions(this.blockdev, changed)
        return open(disk, options, this.blockdev, listener, repair)
      },
    })
  }

  /** The file as the commands so far have left it; what caches hold back is not in it. */
  get disk(): Overlay {
    return this.runner.driver.disk
  }

  /** The disk that the guest sees, in bytes. */
  get virtualSize(): bigint {
    return BigInt(this.runner.driver.virtualSize)
  }

  /** The list as it stands; undefined where nothing is checked. */
  get engine(): MetadataList | undefined {
    const { engine } = this.runner.driver.guard
    return engine instanceof MetadataList ? engine : undefined
  }

  /** Bytes; undefined for none. */
  get totalSizeLimit(): bigint | undefined {
    return parseOverlapOptions(this.blockdev).totalSizeLimit
  }

  /** Carries out the commands of one line. @throws UserError where it is none */
  async run(line: string): Promise<CommandOutput> {
    const commands = parseLine(line)
    const [only] = commands
    if (only && commands.length === 1) return this.runner.run(only)
    const outputs: CommandOutput[] = []
    for (const command of commands) outputs.push(await this.runner.run(command))
    const error = outputs.find(output => output.error)?.error
    const lines = outputs.flatMap(output => output.lines)
    return error ? { lines, error } : { lines }
  }

  /** Ends the process: everything that is held back goes to disk. */
  close(): void {
    this.runner.close()
  }
}

const SILENT: LiveListener = { limitReached: () => undefined, corrupted: () => undefined }

async function open(
  disk: Overlay,
  { run }: SessionOptions,
  blockdev: { readonly [key: string]: unknown },
  listener: LiveListener,
  repair: boolean,
): Promise<Driver> {
  // Whoever repairs is a qemu-img of its own: nobody gave it our options, and its events go nowhere.
  const opened = repair
    ? await openDriver(disk, { ...DEFAULT_OVERLAP_OPTIONS, ...run }, SILENT, { repair })
    : await openDriver(disk, { ...parseOverlapOptions(blockdev), ...run }, listener)
  if (opened.driver) return opened.driver
  const { outcome } = opened.run
  throw new UserError(outcome.kind === 'refused' ? outcome.error : 'the image does not open')
}
