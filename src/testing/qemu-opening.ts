import { runTool } from './qemu.ts'

export interface QemuOpening {
  /** Why the image does not open; undefined if it does. */
  readonly refusal: string | undefined
  readonly warnings: readonly string[]
}

/**
 * Opens an image read/write in the real QEMU, which may repair and rewrite it.
 * @param encryption gives the key that an encrypted image is opened with, whatever it is
 */
export async function openInQemu(path: string, encryption?: 'luks' | 'aes'): Promise<QemuOpening> {
  const file = encryption
    ? [
        '--object',
        'secret,id=key,data=abc',
        '--image-opts',
        `driver=qcow2,file.filename=${path},encrypt.format=${encryption},encrypt.key-secret=key`,
      ]
    : ['-f', 'qcow2', path]
  const { code, stderr } = await runTool('qemu-io', ['-c', 'quit', ...file])
  const lines = stderr.split('\n')
  const refusal = lines
    .map(line => /^qemu-io: can't open(?: device \S+)?: (.*)$/.exec(line)?.[1])
    .find(message => message !== undefined)
  if (code !== 0 && refusal === undefined) throw new Error(`qemu-io exited with ${code}: ${stderr}`)
  const warning = 'qemu-io: warning: '
  const warnings = lines.filter(line => line.startsWith(warning)).map(line => line.slice(warning.length))
  return { refusal, warnings }
}
