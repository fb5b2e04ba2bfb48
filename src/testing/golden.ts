/** The golden data that tests compare with: what the original engine and the original QEMU said. */
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const folder = (name: string): URL => new URL(`./golden/${name}/`, import.meta.url)

/** Names of the traces (NNNN) of one engine version. */
export function traceNames(engine: 'engine' | 'engine-v4'): string[] {
  return readdirSync(folder(engine))
    .filter(file => file.endsWith('.in.gz'))
    .map(file => file.slice(0, -'.in.gz'.length))
}

/** Lines of a golden text file, unzipped. */
export function goldenLines(engine: 'engine' | 'engine-v4', file: string): string[] {
  return gunzipSync(readFileSync(new URL(file, folder(engine))))
    .toString()
    .trimEnd()
    .split('\n')
}

/** Names of the runs of the whole QEMU. */
export function caseNames(): string[] {
  return readdirSync(folder('qemu'))
    .filter(file => file.endsWith('.json'))
    .map(file => file.slice(0, -'.json'.length))
}

/** Text of a case, with its integers as they stand. */
export const caseText = (name: string): string =>
  readFileSync(new URL(`${name}.json`, folder('qemu')), 'utf8')

/** The case's image, unzipped. */
export const caseImage = (name: string): Uint8Array =>
  gunzipSync(readFileSync(new URL(`${name}.qcow2.gz`, folder('qemu'))))
