/** Real qemu-img and qemu-io, for tests that want to know what QEMU makes of an image. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ByteSource } from '../disk/byte-source.ts'

export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a tool to its end, whatever its exit status is. */
export function runTool(tool: 'qemu-img' | 'qemu-io', args: readonly string[]): Promise<Output> {
  return new Promise((resolve, reject) => {
    execFile(tool, args, { maxBuffer: 1 << 28, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error)
      else resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

/** @throws Error with what the tool said, if it fails */
export async function mustRun(tool: 'qemu-img' | 'qemu-io', args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runTool(tool, args)
  if (code !== 0) throw new Error(`${tool} ${args.join(' ')} exited with ${code}: ${stderr}${stdout}`)
  return stdout
}

/** `qemu-img check --output=json` fails when it finds something, and tells it all the same. */
export async function qemuCheck(args: readonly string[]): Promise<Record<string, number>> {
  const { stdout, stderr } = await runTool('qemu-img', ['check', '--output=json', ...args])
  if (!stdout.startsWith('{')) throw new Error(`qemu-img check said: ${stderr}${stdout}`)
  return JSON.parse(stdout) as Record<string, number>
}

/** How a test's image comes to be. */
export interface ImagePlan {
  readonly name: string
  /** Virtual size, as qemu-img takes it. */
  readonly size: string
  /** Options of `qemu-img create -o`. */
  readonly options?: string
  /** What follows, in order: a qemu-io command, or the arguments of qemu-img with FILE for the image. */
  readonly steps?: readonly (string | readonly string[])[]
  /** Changes the finished file in place. */
  readonly patch?: (bytes: DataView) => void
  /** Cuts or lengthens the finished file. */
  readonly fileSize?: (size: number) => number
}

/** A folder for a test's images. */
export class ImageFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'overlapscope-'))

  /** @returns the path of the finished image */
  async make(plan: ImagePlan): Promise<string> {
    const file = join(this.path, `${plan.name.replaceAll(/[^a-z0-9]+/gi, '-')}.qcow2`)
    const options = plan.options ? ['-o', plan.options] : []
    await mustRun('qemu-img', ['create', '-q', '-f', 'qcow2', ...options, file, plan.size])
    for (const group of groupSteps(plan.steps ?? [])) {
      if (group.tool === 'qemu-img')
        await mustRun(
          'qemu-img',
          group.args.map(arg => (arg === 'FILE' ? file : arg)),
        )
      else await mustRun('qemu-io', ['-f', 'qcow2', ...group.args, file])
    }
    if (plan.patch || plan.fileSize) this.#rewrite(file, plan)
    return file
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }

  #rewrite(file: string, plan: ImagePlan): void {
    const old = readFileSync(file)
    const bytes = new Uint8Array(plan.fileSize?.(old.length) ?? old.length)
    bytes.set(old.subarray(0, bytes.length))
    plan.patch?.(new DataView(bytes.buffer))
    writeFileSync(file, bytes)
  }
}

interface StepGroup {
  readonly tool: 'qemu-img' | 'qemu-io'
  readonly args: string[]
}

/** qemu-io's commands in a row go into one process. */
function groupSteps(steps: readonly (string | readonly string[])[]): StepGroup[] {
  const groups: StepGroup[] = []
  for (const step of steps) {
    const last = groups.at(-1)
    if (typeof step !== 'string') groups.push({ tool: 'qemu-img', args: [...step] })
    else if (last?.tool === 'qemu-io') last.args.push('-c', step)
    else groups.push({ tool: 'qemu-io', args: ['-c', step] })
  }
  return groups
}

/** A file's bytes as a disk. */
export function diskOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => {
      const copy = new Uint8Array(length)
      copy.set(bytes.subarray(offset, offset + length))
      return copy
    },
  }
}

export const diskOfFile = (path: string): ByteSource => diskOf(readFileSync(path))

/** Numbers of an image's header that tests patch things by. */
export interface Landmarks {
  readonly clusterSize: number
  readonly l1Offset: number
  readonly refcountTableOffset: number
  /** Of refcount block 0. */
  readonly refcountBlockOffset: number
  readonly snapshotsOffset: number
  readonly refcountOrder: number
}

export function landmarks(bytes: DataView): Landmarks {
  const refcountTableOffset = Number(bytes.getBigUint64(48))
  return {
    clusterSize: 1 << bytes.getUint32(20),
    l1Offset: Number(bytes.getBigUint64(40)),
    refcountTableOffset,
    refcountBlockOffset: Number(bytes.getBigUint64(refcountTableOffset)),
    snapshotsOffset: Number(bytes.getBigUint64(64)),
    refcountOrder: bytes.getUint32(4) === 2 ? 4 : bytes.getUint32(96),
  }
}
