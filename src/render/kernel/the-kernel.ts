/** The fastest kernel there is here, and pictures that it takes least time for. */
import { makePicture, type Picture } from '../picture.ts'
import type { Kernel } from './kernel.ts'
import { plainKernel } from './plain-kernel.ts'
import { makeWasmKernel, WasmKernel } from './wasm-kernel.ts'

let made: Kernel | undefined

/** What the picture is painted and coloured by. */
export function kernelOf({ kernel }: Picture): Kernel {
  if (kernel) return kernel
  made ??= orPlain(() => makeWasmKernel())
  return made
}

/**
 * Some pictures of one size, with nothing on them, to be painted again and again.
 * @param before such pictures, which are not needed any more
 */
export function makePictures(
  width: number,
  height: number,
  count: number,
  before: readonly Picture[] = [],
): Picture[] {
  const bytes = count * (width * height + SPARE)
  const last = before[0]?.kernel
  const isLargeEnough = last instanceof WasmKernel && last.pictureBytes >= bytes
  // With some to spare, for windows are pulled larger step by step.
  const kernel = isLargeEnough ? last : orPlain(() => makeWasmKernel(1.5 * bytes))
  if (kernel instanceof WasmKernel) return kernel.makePictures(width, height, count)
  return Array.from({ length: count }, () => makePicture(width, height))
}

/** Between pictures. */
const SPARE = 64

/** Some browsers have WebAssembly switched off, or are older than its 128-bit instructions. */
function orPlain(make: () => Kernel): Kernel {
  try {
    return make()
  } catch {
    return plainKernel
  }
}
