/** Running other programs, with their output where a person sees it. */
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The project's folder, absolute, without a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * Runs a program in the project's folder and waits for it.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, stdout?: 'inherit' | 'stderr' }} [options] stdout: where the
 *   program's standard output goes; its errors go to ours
 * @returns {Promise<boolean>} whether it ended with status 0; false too if it could not be started
 */
export function run(program, args, { env = {}, stdout = 'inherit' } = {}) {
  return new Promise(resolve => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', stdout === 'stderr' ? 2 : 'inherit', 'inherit'],
      // npm and npx are .cmd files on Windows, which only a shell can start.
      shell: process.platform === 'win32',
    })
    child.on('error', error => {
      console.error(`Could not start ${program}: ${error.message}`)
      resolve(false)
    })
    child.on('close', code => resolve(code === 0))
  })
}

/**
 * Runs a tool that a package of node_modules brings, by the file its package.json names: no shell and
 * no npx between.
 * @param {string} file below node_modules
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export const runTool = (file, args, options) =>
  run(process.execPath, [`${root}/node_modules/${file}`, ...args], options)

/**
 * @param {string} program a name on the PATH, or a path
 * @param {readonly string[]} [args]
 * @returns {boolean} whether the program is there and can say its version
 */
export function answers(program, args = ['--version']) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 }).status === 0
}

/** @returns {boolean} whether this process may do everything (root); false on Windows */
export const isRoot = () => process.getuid?.() === 0
