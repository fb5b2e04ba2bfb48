/** `create`: a synthetic image as a real file. */
import { type FileHandle, open, rm } from 'node:fs/promises'
import { UserError } from '../lib/user-error.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
import { writeImage } from '../workload/write-image.ts'
import { parseArguments } from './arguments.ts'
import { type Command, UsageError } from './command.ts'
import { readText, reason } from './files.ts'

export const createCommand: Command = {
  name: 'create',
  usage: '[--force] RECIPE OUT.qcow2',
  summary:
    'write the image that a recipe (JSON) describes as a sparse file: its metadata, guest data as holes',
  async run(args) {
    const { values, positionals } = parseArguments(args, { force: { type: 'boolean' } })
    const [recipe, out, ...others] = positionals
    if (recipe === undefined || out === undefined || others.length > 0)
      throw new UsageError('create takes a RECIPE and the file to write')
    await createImage(recipe, readText(recipe), out, values.force ?? false)
  },
}

/**
 * @param name what the recipe is called in errors
 * @param force whether a file that is there already is replaced
 * @throws UserError; then no file is left behind but one that was there before
 */
export async function createImage(
  name: string,
  recipeJson: string,
  out: string,
  force: boolean,
): Promise<void> {
  const image = syntheticSource(parseRecipe(parseJson(name, recipeJson)))
  const file = await create(out, force)
  try {
    await writeImage(image, {
      async write(offset, bytes) {
        for (let done = 0; done < bytes.length; )
          done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
      },
      setLength: size => file.truncate(size),
    })
    await file.close()
  } catch (error) {
    await file.close()
    await rm(out, { force: true })
    throw new UserError(`${out}: ${reason(error)}`, {
      advice: 'The image was not finished, and its file has been removed.',
    })
  }
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`${name} is not JSON: ${reason(error)}`)
  }
}

async function create(out: string, force: boolean): Promise<FileHandle> {
  try {
    return await open(out, force ? 'w' : 'wx')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UserError(`${out} is there already.`, { advice: 'Give --force to replace it.' })
    throw new UserError(`${out}: ${reason(error)}`)
  }
}
