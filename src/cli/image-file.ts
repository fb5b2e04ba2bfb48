import type { ByteSource } from '../disk/byte-source.ts'
import { gunzipped } from '../disk/gunzip.ts'
import { NodeFileSource } from '../disk/node-file.ts'
import { UserError } from '../lib/user-error.ts'

/**
 * Opens an image file, gzipped or not, for as long as `use` takes.
 * @throws UserError naming the file, whatever went wrong with it
 */
export async function withImageFile<T>(file: string, use: (disk: ByteSource) => Promise<T>): Promise<T> {
  let source: NodeFileSource | undefined
  try {
    source = await NodeFileSource.open(file)
    return await use(await gunzipped(source))
  } catch (error) {
    if (error instanceof UserError && !error.message.startsWith(file))
      throw new UserError(`${file}: ${error.message}`, error)
    throw error
  } finally {
    await source?.close()
  }
}
