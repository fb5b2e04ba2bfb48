/** `npm run size`: how much JavaScript and CSS the built page is, as a server that compresses sends it. */
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { buildPage } from './build-page.mjs'
import { root } from './command.mjs'

if (!(await buildPage())) process.exit(1)
const kib = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1).padStart(8)} KiB`
const total = { plain: 0, gzip: 0 }
for (const file of readdirSync(`${root}/dist`, { recursive: true, encoding: 'utf8' }).toSorted()) {
  if (!/\.(js|css)$/.test(file)) continue
  const content = readFileSync(`${root}/dist/${file}`)
  const gzip = gzipSync(content, { level: 9 }).length
  total.plain += content.length
  total.gzip += gzip
  console.log(`${kib(gzip)} gzip ${kib(content.length)} plain  ${file}`)
}
console.log(`${kib(total.gzip)} gzip ${kib(total.plain)} plain  together`)
