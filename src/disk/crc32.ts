/** CRC-32 as gzip uses it (RFC 1952). fflate does not check it when it unpacks, nor offer it. */

/** SLICES[n][b]: the checksum of byte b followed by n zero bytes; so four bytes are done at a time. */
const SLICES = makeSlices()

function makeSlices(): readonly Uint32Array[] {
  const slices = Array.from({ length: 4 }, () => new Uint32Array(256))
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    slices[0]![byte] = crc
  }
  for (let n = 1; n < 4; n++)
    for (let byte = 0; byte < 256; byte++) {
      const shorter = slices[n - 1]![byte]!
      slices[n]![byte] = (shorter >>> 8) ^ slices[0]![shorter & 255]!
    }
  return slices
}

/**
 * @param crc of what came before; 0 at the start
 * @returns the checksum including `bytes`, unsigned
 */
export function crc32(crc: number, bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = SLICES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
  let value = ~crc
  let at = 0
  for (const end = bytes.length - 3; at < end; at += 4) {
    value ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    value = t3[value & 255]! ^ t2[(value >>> 8) & 255]! ^ t1[(value >>> 16) & 255]! ^ t0[value >>> 24]!
  }
  for (; at < bytes.length; at++) value = (value >>> 8) ^ t0[(value ^ bytes[at]!) & 255]!
  return ~value >>> 0
}
