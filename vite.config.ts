import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  // Relative, so that the build works from any sub-path of any file server.
  base: './',
  plugins: [react()],
  build: { target: 'es2023' },
  worker: { format: 'es' },
})
