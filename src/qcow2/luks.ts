/** Encryption, as far as it can be told without a key: where the LUKS header is, and that it is one. */
import type { ByteSource } from '../disk/byte-source.ts'
import type { HostOffset } from '../lib/units.ts'
import { Qcow2Error } from './errors.ts'
import { HeaderField } from './header.ts'
import type { Header, HeaderExtension, Problem } from './image.ts'
import { readAt, viewOf } from './read-at.ts'

export const CryptMethod = { none: 0, aes: 1, luks: 2 } as const

/** Where the LUKS header lies: whole clusters, refcounted like all others. */
export interface LuksHeader {
  readonly offset: HostOffset
  readonly length: bigint
}

/** Bytes of the on-disk structure, key slots included. */
const LUKS_HEADER_SIZE = 592
/** "LUKS\xba\xbe" */
const LUKS_MAGIC = [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]

/** @throws Qcow2Error if the method is none that QEMU knows */
export function checkCryptMethod({ cryptMethod }: Header): void {
  if (cryptMethod > CryptMethod.luks)
    // QEMU prints it as a signed number.
    throw new Qcow2Error(`Unsupported encryption method ${cryptMethod | 0}`, HeaderField.cryptMethod)
}

/** @throws Qcow2Error if the extension is malformed, or the image is not encrypted with LUKS */
export function decodeLuksExtension(
  { data, offset: at }: HeaderExtension,
  cryptMethod: number,
  clusterSize: number,
): LuksHeader {
  if (cryptMethod !== CryptMethod.luks)
    throw new Qcow2Error('CRYPTO header extension only expected with LUKS encryption method', at)
  if (data.length !== 16)
    throw new Qcow2Error(`CRYPTO header extension size ${data.length}, but expected size 16`, at + 4n)
  const view = viewOf(data)
  const offset = view.getBigUint64(0)
  if (offset % BigInt(clusterSize) !== 0n)
    throw new Qcow2Error(
      `Encryption header offset '${offset}' is not a multiple of cluster size '${clusterSize}'`,
      at + 8n,
    )
  return { offset, length: view.getBigUint64(8) }
}

/**
 * Checks what can be checked without a key. That QEMU wants one is noted as a problem: metadata are not
 * encrypted, so this image can be shown without it.
 * @throws Qcow2Error if the LUKS header is missing or is none
 */
export async function checkEncryption(
  disk: ByteSource,
  { cryptMethod }: Header,
  luks: LuksHeader | undefined,
  problems: Problem[],
): Promise<void> {
  if (cryptMethod === CryptMethod.none) return
  if (cryptMethod === CryptMethod.luks) {
    if (!luks)
      throw new Qcow2Error(
        `Missing CRYPTO header for crypt method ${cryptMethod}`,
        HeaderField.cryptMethod,
        'The header extension that says where the LUKS header lies is not there.',
      )
    await checkLuksHeader(disk, luks)
  }
  problems.push({
    message: "Parameter 'encrypt.key-secret' is required for cipher",
    offset: HeaderField.cryptMethod,
  })
}

async function checkLuksHeader(disk: ByteSource, { offset, length }: LuksHeader): Promise<void> {
  if (length < LUKS_HEADER_SIZE) throw new Qcow2Error('Request for data outside of extension header', offset)
  const bytes = await readAt(disk, offset, LUKS_HEADER_SIZE, 'Could not read encryption header', offset)
  if (LUKS_MAGIC.some((byte, index) => bytes[index] !== byte))
    throw new Qcow2Error('Volume is not in LUKS format', offset)
  const version = viewOf(bytes).getUint16(6)
  if (version !== 1) throw new Qcow2Error(`LUKS version ${version} is not supported`, offset + 6n)
}
