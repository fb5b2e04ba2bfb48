/** What `qemu-img check` prints (QEMU: dump_human_image_check). */
import type { CheckResult } from '../../driver/check.ts'
import { fixed } from './printf.ts'

/** @returns what a repair did, and that it looks again; nothing if it did nothing */
export function repairedLines({ leaksFixed, corruptionsFixed }: CheckResult): string[] {
  if (leaksFixed === 0 && corruptionsFixed === 0) return []
  return [
    'The following inconsistencies were found and repaired:',
    '',
    `    ${leaksFixed} leaked clusters`,
    `    ${corruptionsFixed} corruptions`,
    '',
    'Double checking the fixed image now...',
  ]
}

/** @returns the result, a line each */
export function checkLines(result: CheckResult): string[] {
  const { corruptions, leaks, checkErrors, imageEndOffset, allocatedClusters: allocated } = result
  const lines: string[] = []
  if (corruptions > 0)
    lines.push(
      '',
      `${corruptions} errors were found on the image.`,
      'Data may be corrupted, or further writes to the image may corrupt it.',
    )
  if (leaks > 0)
    lines.push(
      '',
      `${leaks} leaked clusters were found on the image.`,
      'This means waste of disk space, but no harm to data.',
    )
  if (checkErrors > 0) lines.push('', `${checkErrors} internal errors have occurred during the check.`)
  if (lines.length === 0) lines.push('No errors were found on the image.')
  if (result.totalClusters > 0 && allocated > 0) {
    lines.push(
      `${allocated}/${result.totalClusters} = ${share(allocated, result.totalClusters)} allocated, ` +
        `${share(result.fragmentedClusters, allocated)} fragmented, ` +
        `${share(result.compressedClusters, allocated)} compressed clusters`,
    )
  }
  if (imageEndOffset > 0) lines.push(`Image end offset: ${imageEndOffset}`)
  return lines
}

const share = (part: number, of: number): string => `${fixed((part * 100) / of, 2)}%`
