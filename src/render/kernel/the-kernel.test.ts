import { expect, it } from 'vitest'
import { makePicture } from '../picture.ts'
import { kernelOf, makePictures } from './the-kernel.ts'

it('makes pictures that do not overlap, and are blank again when they are made anew', () => {
  let pictures = makePictures(30, 20, 2)
  const { kernel } = pictures[0]!
  expect(kernel).toBeDefined()
  pictures[0]!.pixels.fill(1)
  pictures[1]!.pixels.fill(2)
  expect(pictures[0]!.pixels.every(ink => ink === 1)).toBe(true)
  pictures = makePictures(20, 30, 2, pictures)
  expect(pictures[0]!.kernel).toBe(kernel)
  expect(pictures.map(({ pixels }) => pixels.length)).toEqual([600, 600])
  expect(pictures.some(({ pixels }) => pixels.some(ink => ink !== 0))).toBe(false)
})

it('finds a larger memory for larger pictures, and leaves them to the kernel of all where they are in none', () => {
  const small = makePictures(10, 10, 1)
  const large = makePictures(2000, 1000, 2, small)
  expect(large.map(({ pixels }) => pixels.length)).toEqual([2_000_000, 2_000_000])
  expect(large[0]!.kernel).not.toBe(small[0]!.kernel)
  expect(kernelOf(large[1]!)).toBe(large[0]!.kernel)
  expect(kernelOf(makePicture(1, 1))).toBe(kernelOf(makePicture(2, 2)))
})
