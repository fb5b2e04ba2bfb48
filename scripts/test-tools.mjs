/** What the tests need besides the packages: a browser, and QEMU's own qemu-img and qemu-io. */
import { answers, isRoot, run, runTool } from './command.mjs'
import { findBrowser } from './find-browser.mjs'

const canUseApt = () => isRoot() && answers('apt-get')

let aptIsFresh = false

/** @param {string} name @returns {Promise<boolean>} */
async function aptInstall(name) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  console.log(`Installing ${name} (apt-get) …`)
  aptIsFresh ||= await run('apt-get', ['update', '-qq'], { env })
  return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env })
}

/**
 * Debian's package comes first where it can be had, because it brings along the system libraries that
 * Playwright's own build lacks on a bare machine.
 * @returns {Promise<boolean>} whether there is a browser now
 */
export async function provideBrowser() {
  if (findBrowser()) return true
  if (canUseApt() && (await aptInstall('chromium')) && findBrowser()) return true
  console.log('Installing a browser (playwright install chromium) …')
  const args = ['install', ...(canUseApt() ? ['--with-deps'] : []), 'chromium']
  if ((await runTool('@playwright/test/cli.js', args)) && findBrowser()) return true
  console.error(
    'No browser to test with: install Chromium or Chrome (Debian: sudo apt-get install chromium), or set\n' +
      'CHROMIUM_PATH to one.',
  )
  return false
}

const hasQemu = () => answers('qemu-img') && answers('qemu-io')

/** @returns {Promise<boolean>} whether qemu-img and qemu-io are there now */
export async function provideQemu() {
  if (hasQemu()) return true
  if (canUseApt() && (await aptInstall('qemu-utils')) && hasQemu()) return true
  console.error(
    'The tests compare with real QEMU, and qemu-img or qemu-io is missing. Install them:\n' +
      '  Debian, Ubuntu: sudo apt-get install qemu-utils\n' +
      '  Fedora: sudo dnf install qemu-img    Arch: sudo pacman -S qemu-img    macOS: brew install qemu',
  )
  return false
}
