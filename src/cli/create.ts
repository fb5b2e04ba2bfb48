/** `create`: a synthetic image as a real file. */
import { open, rename, rm, stat } from 'node:fs/promises'
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
 * Writes beside the file at first and puts it in its place when it is whole, so that neither half an image is
 * ever to be seen, nor a file lost that is to be replaced.
 * @param name what the recipe is called in errors
 * @param force whether a file that is there already is replaced
 * @throws UserError; then nothing has changed
 */
export async function createImage(
  name: string,
  recipeJson: string,
  out: string,
  force: boolean,
): Promise<void> {
  const image = syntheticSource(parseRecipe(parseJson(name, recipeJson)))
  await refuseExisting(out, force)
  const part = `${out}.part-${process.pid}`
  try {
    const file = await open(part, 'wx')
    try {
      await writeImage(image, {
        async write(offset, bytes) {
          for (let done = 0; done < bytes.length; )
            done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
        },
        setLength: size => file.truncate(size),
      })
    } finally {
      await file.close()
    }
    await rename(part, out)
  } catch (error) {
    await rm(part, { force: true })
    throw new UserError(`${out}: ${reason(error)}`)
  }
}

async function refuseExisting(out: string, force: boolean): Promise<void> {
  const status = await stat(out).catch(() => undefined)
  if (!status) return
  if (!status.isFile())
    throw new UserError(`${out} is there already, and not a file`, { advice: 'Give another name.' })
  if (!force) throw new UserError(`${out} is there already`, { advice: 'Give --force to replace it.' })
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`${name} is not JSON: ${reason(error)}`)
  }
}
