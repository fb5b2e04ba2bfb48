/** Writes src/render/kernel/pixels.wat's module as bytes into a module of its own: `node scripts/kernel-source.mjs`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'

const source = fileURLToPath(new URL('../src/render/kernel/pixels.wat', import.meta.url))
const target = fileURLToPath(new URL('../src/render/kernel/pixels-wasm.ts', import.meta.url))

/** @returns the text of the TypeScript module that holds the assembled code */
export async function kernelModule() {
  const { parseWat } = await wabt()
  const module = parseWat('pixels.wat', readFileSync(source, 'utf8'), { simd: true, bulk_memory: true })
  const { buffer } = module.toBinary({})
  const base64 = Buffer.from(buffer).toString('base64')
  return `/** pixels.wat, assembled by scripts/kernel-source.mjs. */\nexport const PIXELS_WASM =\n  '${base64}'\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, await kernelModule())
