import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** For what runs in Node; scripts/bundle.mjs names entry and output. Packages stay in node_modules. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  publicDir: false,
  logLevel: 'warn',
  build: {
    target: 'node20',
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      // One file: once loaded, a newer build may replace it without breaking what runs.
      output: { entryFileNames: 'main.js', codeSplitting: false },
    },
  },
})
