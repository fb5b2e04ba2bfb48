/** A recorded run of the whole QEMU, replayed with the command language. */
import type { SyncSource } from '../disk/sync-source.ts'
import type { QmpValue } from '../overlap/qmp-event.ts'
import { type ReplayCase, replay } from '../simulation/replay.ts'
import { CommandSession } from './command-session.ts'

/**
 * @param disk the case's image, which is not changed
 * @returns what QEMU would have said
 * @throws UserError for an image that cannot be opened at all, or a command that is none
 */
export function replayCase(disk: SyncSource, recorded: ReplayCase): Promise<QmpValue[]> {
  return replay(disk, recorded, (driver, listener) => {
    const session = new CommandSession(
      driver,
      {
        blockdev: recorded.options,
        run: { version: 'v6', device: 'drv0', nodeName: '', openUnchecked: false },
        // The recorder gave its drive neither `discard=unmap` nor `cache=writethrough`.
        discards: false,
        writesThrough: false,
      },
      listener,
    )
    return command => session.run(command)
  })
}
