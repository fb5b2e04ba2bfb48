/** A Chromium to test with: CHROMIUM_PATH, else Playwright's own, else the system's. */
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { answers } from './command.mjs'

const ofTheSystem = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Windows' Chrome answers no --version, so there the file's being there has to do. */
const isUsable = (/** @type {string} */ path) =>
  process.platform === 'win32' ? existsSync(path) : answers(path)

/** @param {string} program */
function onPath(program) {
  if (program.includes('/')) return existsSync(program) ? program : undefined
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':')
  return folders.map(folder => `${folder}/${program}`).find(path => existsSync(path))
}

/**
 * @returns {string | undefined} the path of a browser that starts; undefined if there is none
 * @throws {Error} if CHROMIUM_PATH names something that does not start
 */
export function findBrowser() {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen) {
    if (isUsable(chosen)) return chosen
    throw new Error(
      `CHROMIUM_PATH is "${chosen}", which does not start: name a Chromium or Chrome, or unset it.`,
    )
  }
  const windows = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter(folder => folder !== undefined)
    .map(folder => `${folder}\\Google\\Chrome\\Application\\chrome.exe`)
  const candidates = [
    chromium.executablePath(),
    ...ofTheSystem.map(onPath),
    ...(process.platform === 'win32' ? windows : []),
  ]
  return candidates.find(path => path !== undefined && existsSync(path) && isUsable(path))
}
