/** Before this share is done, an estimate is a guess. */
const EARLIEST = 0.05

/**
 * @param share done so far, 0 to 1
 * @param elapsed ms since the beginning
 * @returns how long it will still take, in words; undefined as long as that cannot be said
 */
export function remaining(share: number, elapsed: number): string | undefined {
  if (share < EARLIEST || share >= 1) return undefined
  const seconds = Math.ceil((elapsed * (1 - share)) / share / 1000)
  if (seconds <= 1) return 'about a second left'
  if (seconds < 90) return `about ${seconds} seconds left`
  return `about ${Math.round(seconds / 60)} minutes left`
}
