import { expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { kernelModule } from './kernel-source.mjs'

test('the assembled kernel is what its source says', async () => {
  const module = readFileSync(new URL('../src/render/kernel/pixels-wasm.ts', import.meta.url), 'utf8')
  expect(module, 'write it anew: node scripts/kernel-source.mjs').toBe(await kernelModule())
})
