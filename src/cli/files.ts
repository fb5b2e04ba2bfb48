/** Files of the headless tool: text that may be gzipped, and results in a folder. */
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { UserError } from '../lib/user-error.ts'

/** @throws UserError naming the file when it cannot be read or unzipped */
export function readBytes(file: string): Buffer {
  try {
    const bytes = readFileSync(file)
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
  } catch (error) {
    throw new UserError(`${file}: ${reason(error)}`)
  }
}

export const readText = (file: string): string => readBytes(file).toString('utf8')

/** Writes DIR/NAME, making DIR where it is missing. @throws UserError */
export function writeResult(folder: string, name: string, text: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, name), text)
  } catch (error) {
    throw new UserError(`${join(folder, name)}: ${reason(error)}`)
  }
}

/** A file's name without folder, `.gz`, and this ending. */
export const stem = (file: string, ending: string): string => {
  const name = basename(file).replace(/\.gz$/, '')
  return name.endsWith(ending) ? name.slice(0, -ending.length) : name
}

/** The reason of a failed file operation in a few words. */
export const reason = (error: unknown): string =>
  error instanceof Error
    ? error.message.replace(/^[A-Z]+: /, '').replace(/, \w+(?: '.*')?$/, '')
    : String(error)
