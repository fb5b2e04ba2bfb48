/** The page, built into dist when something it is made of has changed since it last was. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { root, runTool } from './command.mjs'
import { contentFingerprint } from './fingerprint.mjs'

const madeOf = ['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json', 'tsconfig.base.json']
const stamp = `${root}/dist/.built-from`

/** @returns {Promise<boolean>} whether dist is up to date now */
export async function buildPage() {
  const fingerprint = contentFingerprint(madeOf)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return true
  console.error('Building the page …')
  const built = await runTool('vite/bin/vite.js', ['build', '--logLevel', 'warn'])
  if (built) writeFileSync(stamp, fingerprint)
  return built
}
