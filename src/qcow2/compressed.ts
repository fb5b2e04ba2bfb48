/** Unpacking compressed clusters as QEMU does: the packed bytes may be followed by anything. */
import { Inflate } from 'fflate'
import { Decompress } from 'fzstd'
import { UserError } from '../lib/user-error.ts'
import type { Bytes } from '../lib/units.ts'

export const CompressionType = { zlib: 0, zstd: 1 } as const

/** As libzstd's own default; fzstd would set aside up to 2 GiB at a damaged header's word. */
const MAX_ZSTD_WINDOW = 2 ** 27

/**
 * @param packed what the L2 entry's descriptor names (see compressedExtent)
 * @param compressionType of the header: 0 for raw deflate, 1 for zstd
 * @returns the guest cluster, clusterSize bytes
 * @throws UserError if the data are damaged, or give less than a cluster
 */
export function decompressCluster(
  packed: Uint8Array,
  compressionType: number,
  clusterSize: Bytes,
): Uint8Array {
  const name = compressionType === CompressionType.zstd ? 'zstd' : 'deflate'
  let cluster: Uint8Array
  try {
    cluster =
      compressionType === CompressionType.zstd ? unzstd(packed, clusterSize) : inflate(packed, clusterSize)
  } catch (error) {
    // Both libraries stumble over some damaged data with errors that are not their own.
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(`The compressed cluster is damaged: its ${name} data are not valid (${reason})`)
  }
  if (cluster.length !== clusterSize)
    throw new UserError(
      `The compressed cluster is damaged: its ${name} data end after ${cluster.length} of ${clusterSize} bytes`,
    )
  return cluster
}

/** How much is given to fflate at a time: a damaged cluster may unpack to a thousand times its length. */
const CHUNK_BYTES = 4096

/** Thrown to stop unpacking once the cluster is complete: what follows is another cluster's, or nothing. */
const complete = new Error('complete')

/** Takes what comes out of a stream until there is a cluster's worth of it. */
class ClusterFiller {
  readonly #cluster: Uint8Array
  #filled = 0

  constructor(clusterSize: Bytes) {
    this.#cluster = new Uint8Array(clusterSize)
  }

  take(data: Uint8Array): void {
    const part = data.subarray(0, this.#cluster.length - this.#filled)
    this.#cluster.set(part, this.#filled)
    this.#filled += part.length
    if (this.#filled === this.#cluster.length) throw complete
  }

  /** @returns what there is once `unpack` is through, a whole cluster or less */
  fill(unpack: () => void): Uint8Array {
    try {
      unpack()
    } catch (error) {
      if (error !== complete) throw error
    }
    return this.#cluster.subarray(0, this.#filled)
  }
}

function inflate(packed: Uint8Array, clusterSize: Bytes): Uint8Array {
  const filler = new ClusterFiller(clusterSize)
  const stream = new Inflate(data => filler.take(data))
  return filler.fill(() => {
    for (let at = 0; at < packed.length; at += CHUNK_BYTES)
      stream.push(packed.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= packed.length)
  })
}

function unzstd(packed: Uint8Array, clusterSize: Bytes): Uint8Array {
  checkWindow(packed)
  const filler = new ClusterFiller(clusterSize)
  const stream = new Decompress(data => filler.take(data))
  return filler.fill(() => stream.push(packed, true))
}

/** @throws Error if the frame asks for more memory than libzstd would give it */
function checkWindow(packed: Uint8Array): void {
  const descriptor = packed[4] ?? 0
  const singleSegment = (descriptor & 0x20) !== 0
  if (singleSegment) {
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
    const sizeBytes = [1, 2, 4, 8][descriptor >> 6] ?? 1
    let size = sizeBytes === 2 ? 256 : 0
    for (let i = 0; i < sizeBytes; i++) size += (packed[5 + dictionaryBytes + i] ?? 0) * 2 ** (8 * i)
    if (size > MAX_ZSTD_WINDOW) throw new Error('its window is too large')
  } else {
    const byte = packed[5] ?? 0
    const base = 2 ** (10 + (byte >> 3))
    if (base + (base / 8) * (byte & 7) > MAX_ZSTD_WINDOW) throw new Error('its window is too large')
  }
}
