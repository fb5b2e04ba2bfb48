/** The packages, installed when package-lock.json has changed since they last were. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { root, run } from './command.mjs'
import { contentFingerprint } from './fingerprint.mjs'

const stamp = `${root}/node_modules/.overlapscope-lock`
const lock = `${root}/.cache/install.lock`

/** @param {string} file */
const contentOf = file => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const wanted = () => contentFingerprint(['package-lock.json'])
export const isInstalled = () => contentOf(stamp) === wanted()

/** @param {string | undefined} pid */
function isRunning(pid) {
  if (pid === undefined) return false
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}

/** Two `npm ci` at once would delete each other's files: the second waits for the first. */
async function takeLock() {
  mkdirSync(`${root}/.cache`, { recursive: true })
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      return
    } catch {
      if (!isRunning(contentOf(lock))) rmSync(lock, { force: true })
      await setTimeout(200)
    }
  }
}

/**
 * Installs what package-lock.json names, if that is not what is installed. Ends the process with a
 * message where that fails. Nothing of it goes to standard output.
 */
export async function installPackages() {
  if (isInstalled()) return
  await takeLock()
  try {
    if (isInstalled()) return
    console.error('Installing packages (npm ci) …')
    // Development packages too, whatever NODE_ENV says: they build the page.
    if (!(await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { stdout: 'stderr' }))) {
      console.error('npm ci failed: see its words above. It needs the network and a writable folder.')
      process.exit(1)
    }
    writeFileSync(stamp, wanted())
  } finally {
    rmSync(lock, { force: true })
  }
}
