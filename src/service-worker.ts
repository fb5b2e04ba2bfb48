/**
 * Lets the page work offline after its first visit. Everything the page consists of is fetched ahead
 * and served from the cache; the page itself comes from the network where there is one, so that a newer
 * build is never held back. Bundled on its own by scripts/offline-plugin.ts.
 */
import { clientsClaim } from 'workbox-core'
import {
  cleanupOutdatedCaches,
  type PrecacheEntry,
  PrecacheFallbackPlugin,
  precacheAndRoute,
} from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { NetworkOnly } from 'workbox-strategies'

/** Every file of the build, put in by scripts/offline-plugin.ts. */
declare const FILES_OF_THE_BUILD: PrecacheEntry[]

// The first route that matches wins, so this one must stand before the cache's.
registerRoute(
  new NavigationRoute(
    new NetworkOnly({ plugins: [new PrecacheFallbackPlugin({ fallbackURL: 'index.html' })] }),
  ),
)
precacheAndRoute(FILES_OF_THE_BUILD)
cleanupOutdatedCaches()
clientsClaim()
