/**
 * As C's printf writes `%.Nf`: what lies in the middle goes to the even neighbour, 1.0625 to 1.062. (toFixed goes
 * up.)
 * @param digits behind the point, at most 3
 */
export function fixed(value: number, digits: number): string {
  const scale = 10 ** digits
  const scaled = value * scale
  const below = Math.floor(scaled)
  const rounded = scaled - below === 0.5 ? below + (below % 2) : Math.round(scaled)
  return (rounded / scale).toFixed(digits)
}
