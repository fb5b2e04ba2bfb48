/** The fastest kernel there is here. */
import type { Kernel } from './kernel.ts'
import { plainKernel } from './plain-kernel.ts'
import { makeWasmKernel } from './wasm-kernel.ts'

let made: Kernel | undefined

export function theKernel(): Kernel {
  made ??= fastestKernel()
  return made
}

/** Some browsers have WebAssembly switched off, or are older than its 128-bit instructions. */
function fastestKernel(): Kernel {
  try {
    return makeWasmKernel()
  } catch {
    return plainKernel
  }
}
