import { readFileSync, realpathSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { MemorySource } from '../disk/memory-source.ts'
import { NodeSyncFile } from '../disk/node-sync-file.ts'
import type { Overlay } from '../disk/overlay.ts'
import type { SyncSource } from '../disk/sync-source.ts'
import { UserError } from '../lib/user-error.ts'
import { reason } from './files.ts'

/**
 * Opens an image file, gzipped or not, to be read at once, for as long as `use` takes.
 * @throws UserError naming the file, whatever went wrong with it
 */
export async function withSyncImageFile<T>(file: string, use: (disk: SyncSource) => Promise<T>): Promise<T> {
  let source: NodeSyncFile | undefined
  try {
    source = NodeSyncFile.open(file)
    const [first, second] = source.readSync(0, 2)
    return await use(first === 0x1f && second === 0x8b ? unzipped(file) : source)
  } catch (error) {
    if (error instanceof UserError && !error.message.startsWith(file))
      throw new UserError(`${file}: ${error.message}`, error)
    throw error
  } finally {
    source?.close()
  }
}

function unzipped(file: string): MemorySource {
  try {
    return new MemorySource(gunzipSync(readFileSync(file)))
  } catch (error) {
    throw new UserError(`${file}: ${reason(error)}`)
  }
}

const PIECE_BYTES = 2 ** 20

/**
 * Writes an image as a sparse file: beside the place at first, so that half of one is never seen.
 * @param image the file that it was made of, which must stay as it is
 * @throws UserError; then nothing has changed
 */
export async function saveImage(disk: Overlay, out: string, image: string): Promise<void> {
  if (isSameFile(out, image))
    throw new UserError(`${out} is the image itself, which is never changed`, {
      advice: 'Give another name.',
    })
  const part = `${out}.part-${process.pid}`
  try {
    const file = await open(part, 'wx')
    try {
      for (let offset = 0; offset < disk.size; offset += PIECE_BYTES) {
        const bytes = disk.readSync(offset, Math.min(PIECE_BYTES, disk.size - offset))
        if (bytes.every(byte => byte === 0)) continue
        for (let done = 0; done < bytes.length; )
          done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
      }
      await file.truncate(disk.size)
    } finally {
      await file.close()
    }
    await rename(part, out)
  } catch (error) {
    await rm(part, { force: true })
    throw new UserError(`${out}: ${reason(error)}`)
  }
}

function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    // One of them is not there yet.
    return false
  }
}
