/** The built page, served as any file server would: under a sub-path, and nothing else beside it. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { preview } from 'vite'

const projectFolder = fileURLToPath(new URL('../..', import.meta.url))
const subPath = '/some/sub/path/'

export interface Site {
  /** Of the page itself, with a slash at its end. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves dist on a port that the system chooses.
 * @throws {Error} if the page has not been built
 */
export async function serveSite(): Promise<Site> {
  if (!existsSync(`${projectFolder}/dist/index.html`))
    throw new Error('There is no dist: run `npm run build`.')
  const server = await preview({
    root: projectFolder,
    base: subPath,
    logLevel: 'error',
    preview: { host: '127.0.0.1', port: 0, open: false },
  })
  const address = server.httpServer.address()
  if (address === null || typeof address === 'string') throw new Error('The preview server has no port.')
  return { url: `http://127.0.0.1:${address.port}${subPath}`, close: () => server.close() }
}
