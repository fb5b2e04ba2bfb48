/** Images made by real QEMU, in a folder that goes when the test ends. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export class ImageMaker {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<ImageMaker> {
    return new ImageMaker(await mkdtemp(join(tmpdir(), 'overlapscope-')))
  }

  /**
   * A qcow2 image as `qemu-img create` makes it, after these commands of qemu-io.
   * @param creation qemu-img's -o, e.g. `cluster_size=512`
   * @returns its path
   */
  async qcow2(
    name: string,
    size: string,
    { creation = '', commands = [] }: { creation?: string; commands?: readonly string[] } = {},
  ): Promise<string> {
    const path = join(this.folder, name)
    await execute('qemu-img', [
      'create',
      '-q',
      '-f',
      'qcow2',
      ...(creation ? ['-o', creation] : []),
      path,
      size,
    ])
    if (commands.length > 0)
      await execute('qemu-io', ['-f', 'qcow2', ...commands.flatMap(command => ['-c', command]), path])
    return path
  }

  /** Runs qemu-img in the folder and gives what it prints. */
  async qemuImg(...args: readonly string[]): Promise<string> {
    return (await execute('qemu-img', args, { cwd: this.folder })).stdout
  }

  /** A file of these bytes. @returns its path */
  async file(name: string, content: Uint8Array | string): Promise<string> {
    const path = join(this.folder, name)
    await writeFile(path, content)
    return path
  }

  /** Lengthens a file with a hole. @param length in bytes */
  async lengthen(path: string, length: number): Promise<void> {
    await truncate(path, length)
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}
