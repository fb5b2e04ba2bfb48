/** Telling whether files have changed. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { root } from './command.mjs'

/**
 * Every file at or below some paths of the project, sorted; paths that do not exist give none.
 * @param {readonly string[]} paths relative to the project's folder
 * @returns {string[]} relative to the project's folder, with slashes
 */
function filesBelow(paths) {
  return paths.flatMap(path => {
    const stat = statSync(`${root}/${path}`, { throwIfNoEntry: false })
    if (!stat?.isDirectory()) return stat ? [path] : []
    return filesBelow(
      readdirSync(`${root}/${path}`)
        .toSorted()
        .map(name => `${path}/${name}`),
    )
  })
}

/** Tests and what only they use are no part of any build. */
const isPartOfBuild = (/** @type {string} */ file) =>
  !/\.test\.tsx?$/.test(file) && !file.startsWith('src/testing/golden/')

/**
 * A hash over names and contents.
 * @param {readonly string[]} paths relative to the project's folder
 */
export function contentFingerprint(paths) {
  const hash = createHash('sha256')
  for (const file of filesBelow(paths).filter(isPartOfBuild))
    hash
      .update(`${file}\0`)
      .update(readFileSync(`${root}/${file}`))
      .update('\0')
  return hash.digest('hex')
}

/**
 * A hash over names, sizes and times of modification: quicker, and different after a mere `touch`.
 * @param {readonly string[]} paths relative to the project's folder
 */
export function quickFingerprint(paths) {
  const hash = createHash('sha256')
  for (const file of filesBelow(paths).filter(isPartOfBuild)) {
    const { size, mtimeMs } = statSync(`${root}/${file}`)
    hash.update(`${file}\0${size}\0${mtimeMs}\0`)
  }
  return hash.digest('hex')
}
