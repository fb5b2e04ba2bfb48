/**
 * Has the browser keep the page for use without a network. Browsers that cannot (or may not, as in some
 * private windows) go on without; only the built page does this.
 */
export function workOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // Beside the page, wherever that is served from.
  navigator.serviceWorker.register('./service-worker.js').catch((error: unknown) => {
    console.warn('The page will not work offline.', error)
  })
}
