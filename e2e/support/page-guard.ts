/** Watches a page for what it must never do, whatever is being tested. */
import type { Page } from '@playwright/test'

/**
 * Collects, a sentence each: requests that leave the page's own origin, exceptions nobody caught, and
 * errors on the console.
 */
export function watchPage(page: Page, url: string): string[] {
  const origin = new URL(url).origin
  const faults: string[] = []
  // A blob's or data address has no host: nothing leaves the browser with it.
  const leaves = (address: string) =>
    !/^(blob|data|about):/.test(address) && new URL(address).origin !== origin
  page.context().on('request', request => {
    if (leaves(request.url())) faults.push(`The page asked ${request.url()}, which is not its own server.`)
  })
  page.on('websocket', socket => faults.push(`The page opened a socket to ${socket.url()}.`))
  page.on('pageerror', error => faults.push(`Nobody caught: ${error.stack ?? error.message}`))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(`On the console: ${message.text()}`)
  })
  return faults
}
