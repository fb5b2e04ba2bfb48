/** What runs in Node, bundled from TypeScript when a source has changed since it last was. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { root } from './command.mjs'
import { quickFingerprint } from './fingerprint.mjs'

const madeOf = ['src', 'scripts/vite.cli.config.ts', 'package-lock.json', 'tsconfig.base.json']
/** As many builds stay, so that another process may still load the one it has chosen. */
const keptBuilds = 4

/**
 * Bundles an entry into dist-cli/NAME-FINGERPRINT/main.js unless that is there. Builds are complete
 * before they get that name, so that any number of processes may do this at once.
 * @param {string} name of the bundle
 * @param {string} entry a TypeScript file, relative to the project's folder
 * @returns {Promise<string>} the address to import
 */
export async function bundle(name, entry) {
  const fingerprint = quickFingerprint([...madeOf, entry]).slice(0, 16)
  const folder = `${root}/dist-cli/${name}-${fingerprint}`
  if (!existsSync(folder)) await build(name, entry, folder)
  return pathToFileURL(`${folder}/main.js`).href
}

/**
 * @param {string} name
 * @param {string} entry
 * @param {string} folder
 */
async function build(name, entry, folder) {
  const { build: viteBuild } = await import('vite')
  const unfinished = `${root}/dist-cli/.${name}-${process.pid}`
  try {
    await viteBuild({
      configFile: `${root}/scripts/vite.cli.config.ts`,
      build: { ssr: `${root}/${entry}`, outDir: unfinished, emptyOutDir: true },
    })
    renameSync(unfinished, folder)
  } catch (error) {
    // Somebody else has built the same in the meantime, or it is a failure of the build.
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
  removeOldBuilds(name)
}

/** @param {string} folder @returns {number} when it was made; 0 if another process has removed it */
const madeAt = folder => statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** @param {string} name */
function removeOldBuilds(name) {
  const builds = readdirSync(`${root}/dist-cli`)
    .filter(folder => folder.startsWith(`${name}-`))
    .map(folder => `${root}/dist-cli/${folder}`)
    .toSorted((one, other) => madeAt(other) - madeAt(one))
  for (const folder of builds.slice(keptBuilds)) rmSync(folder, { recursive: true, force: true })
}
