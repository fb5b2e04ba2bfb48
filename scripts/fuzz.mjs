/**
 * `npm run fuzz -- [--seed N] [--count M] [--shrink K] [--damage] [--calls L]`: L random engine calls (10 million), the
 * engine against the literal one; then M random commands on random images, the simulated driver against the real
 * qemu-img and qemu-io. The first K sequences that differ are shrunk and printed. With --damage,
 * refcounts are broken on the way, and repaired.
 */
import { bundle } from './bundle.mjs'
import { installPackages } from './install.mjs'
import { requireNode } from './node-version.mjs'

requireNode()
await installPackages()
const { main } = await import(await bundle('fuzz', 'src/testing/fuzz-main.ts'))
process.exitCode = await main(process.argv.slice(2))
