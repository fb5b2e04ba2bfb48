/** The bundled samples: small real images made by qemu-img, beside the page. */
import { UserError } from '../lib/user-error.ts'
import type { ImageChoice } from '../worker/protocol.ts'

export interface Sample {
  /** Its file's name within samples/. */
  readonly file: string
  readonly title: string
  /** How it was made: the commands. */
  readonly how: string
}

/**
 * @returns the list that was bundled with the page
 * @throws UserError where it cannot be read
 */
export async function loadSamples(): Promise<readonly Sample[]> {
  const advice = 'The page may be served without its folder samples, or the network is gone.'
  let response: Response
  try {
    response = await fetch('samples/index.json')
  } catch {
    throw new UserError('The list of samples could not be read.', { advice })
  }
  if (!response.ok)
    throw new UserError(`The list of samples could not be read (HTTP ${response.status}).`, { advice })
  return (await response.json()) as readonly Sample[]
}

export const sampleChoice = ({ file }: Sample): ImageChoice => ({
  kind: 'sample',
  name: file,
  url: `samples/${file}`,
})
