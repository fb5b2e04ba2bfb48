/**
 * `npm start [-- --port N]`: installs and builds what has changed, then serves the page. The port is
 * --port, else PORT, else 4173; where it is taken, the next free one.
 */
import { parseArgs } from 'node:util'
import { buildPage } from './build-page.mjs'
import { root } from './command.mjs'
import { installPackages } from './install.mjs'
import { requireNode } from './node-version.mjs'

requireNode()

function wantedPort() {
  const { values } = parseArgs({ options: { port: { type: 'string', short: 'p' } } })
  const text = values.port ?? process.env.PORT ?? '4173'
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`"${text}" is not a port: give a number from 1 to 65535.`)
  return port
}

let port
try {
  port = wantedPort()
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\nUsage: npm start [-- --port N]`)
  process.exit(2)
}
await installPackages()
if (!(await buildPage())) process.exit(1)

const { preview } = await import('vite')
const server = await preview({ root, logLevel: 'warn', preview: { port, strictPort: false } })
console.log('Overlapscope is served at')
console.log(server.resolvedUrls?.local[0])
console.log('Stop it with Ctrl-C.')
