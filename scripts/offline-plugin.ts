/** Builds service-worker.js, which knows every file of the build by name and content. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { type Plugin, type ResolvedConfig, build } from 'vite'

interface PrecacheEntry {
  readonly url: string
  readonly revision: string
}

const revisionOf = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('hex').slice(0, 16)

/** Pictures in public are for the README. */
const isNeededOffline = (file: string) => !/\.(png|map)$/.test(file)

function publicFiles(folder: string): PrecacheEntry[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => isNeededOffline(file) && statSync(join(folder, file)).isFile())
    .map(file => ({ url: file.replaceAll(sep, '/'), revision: revisionOf(readFileSync(join(folder, file))) }))
}

/** @param entry the service worker's source; it may use the global FILES_OF_THE_BUILD */
export function offlinePlugin(entry: string): Plugin {
  let config: ResolvedConfig
  return {
    name: 'overlapscope-offline',
    apply: 'build',
    enforce: 'post',
    configResolved(resolved) {
      // Workers are bundled under a configuration of their own, and are none of this plugin's business.
      if (!resolved.isWorker) config = resolved
    },
    generateBundle: {
      // After Vite itself has put index.html into the bundle.
      order: 'post',
      async handler(_options, bundle) {
        const built = Object.values(bundle)
          .filter(({ fileName }) => isNeededOffline(fileName))
          .map(file => ({
            url: file.fileName,
            revision: revisionOf(file.type === 'chunk' ? file.code : file.source),
          }))
        const files = [...built, ...publicFiles(config.publicDir)]
        const result = await build({
          configFile: false,
          publicDir: false,
          logLevel: 'warn',
          define: {
            FILES_OF_THE_BUILD: JSON.stringify(files),
            'process.env.NODE_ENV': JSON.stringify('production'),
          },
          build: {
            write: false,
            target: config.build.target,
            lib: { entry: resolve(config.root, entry), formats: ['iife'], name: 'serviceWorker' },
          },
        })
        for (const { output } of [result].flat() as { output: { code?: string }[] }[])
          this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: output[0]?.code ?? '' })
      },
    },
  }
}
