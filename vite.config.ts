import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { offlinePlugin } from './scripts/offline-plugin.ts'

export default defineConfig({
  // Relative, so that the build works from any sub-path of any file server.
  base: './',
  // A missing file is a 404, as on a plain file server, and not the page once more.
  appType: 'mpa',
  plugins: [react(), offlinePlugin('src/service-worker.ts')],
  // One page, loaded once and then cached: splitting it would save nobody anything.
  build: { target: 'es2023', chunkSizeWarningLimit: 1000 },
  worker: { format: 'es' },
})
