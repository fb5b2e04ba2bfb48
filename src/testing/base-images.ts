/** Small sound images of many kinds, made by qemu-img, for tests to break. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inPairs, mustRun } from './qemu.ts'

const OPTIONS = {
  plain: 'compat=1.1',
  v2: 'compat=0.10',
  small: 'cluster_size=512',
  '8k': 'cluster_size=8k',
  extended: 'extended_l2=on,cluster_size=16k',
  zstd: 'compression_type=zstd',
  refcount1: 'refcount_bits=1',
  refcount64: 'refcount_bits=64',
  bitmaps: 'cluster_size=4k',
  aes: 'encrypt.format=aes,encrypt.key-secret=key',
  dataFile: 'data_file=DIR/data.raw',
  rawDataFile: 'data_file=DIR/data-raw.raw,data_file_raw=on',
  backing: 'backing_file=DIR/backing.raw,backing_fmt=raw',
} as const

export type BaseName = keyof typeof OPTIONS
export const BASES = Object.keys(OPTIONS) as BaseName[]

/**
 * There is no LUKS among them: qemu-img measures its own time to make one, and fails where that is short.
 *
 * Makes one image of each kind in a folder: 16 MiB, with some data, and, where the kind can have one, a
 * snapshot "s1".
 * @returns the path of each
 */
export async function makeBaseImages(folder: string): Promise<Record<BaseName, string>> {
  writeFileSync(join(folder, 'backing.raw'), Buffer.alloc(65536, 7))
  const paths = {} as Record<BaseName, string>
  await inPairs(BASES, async name => {
    const path = join(folder, `${name}.qcow2`)
    paths[name] = path
    const options = OPTIONS[name].replace('DIR', folder)
    const encrypted = name === 'aes'
    const key = encrypted ? ['--object', 'secret,id=key,data=abc'] : []
    await mustRun('qemu-img', ['create', '-q', ...key, '-f', 'qcow2', '-o', options, path, '16M'])
    if (!encrypted) await fill(name, path)
  })
  return paths
}

async function fill(name: BaseName, path: string): Promise<void> {
  const write = (...commands: string[]) =>
    mustRun('qemu-io', ['-f', 'qcow2', ...commands.flatMap(command => ['-c', command]), path])
  const withDataFile = name === 'dataFile' || name === 'rawDataFile'
  await write('write -P 1 0 128k', 'write -P 2 1M 64k', ...(withDataFile ? [] : ['write -c -P 3 2M 64k']))
  if (!withDataFile && name !== 'refcount1') {
    await mustRun('qemu-img', ['snapshot', '-c', 's1', path])
    await write('write -P 4 64k 64k')
  }
  if (name === 'bitmaps')
    for (const bitmap of ['b1', 'second'])
      await mustRun('qemu-img', ['bitmap', '--add', '-g', '64k', path, bitmap])
}
