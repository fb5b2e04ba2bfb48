/** Header extensions, read in the order and with the words of QEMU's qcow2_read_extensions. */
import { type BitmapsExtension, decodeBitmapsExtension } from './bitmaps-extension.ts'
import { Qcow2Error } from './errors.ts'
import { ExtensionMagic } from './extension-magic.ts'
import type { HeaderCluster } from './header.ts'
import type { HeaderExtension, Problem } from './image.ts'
import { type LuksHeader, decodeLuksExtension } from './luks.ts'
import { cString, viewOf } from './read-at.ts'

export interface Extensions {
  readonly all: readonly HeaderExtension[]
  readonly backingFormat: string | undefined
  readonly externalDataFile: string | undefined
  readonly luksHeader: LuksHeader | undefined
  readonly bitmaps: BitmapsExtension | undefined
}

/**
 * Reads and checks every extension up to the end mark, the backing file's name or the cluster's end. Where
 * one occurs twice the last one counts, as in QEMU.
 * @throws Qcow2Error for what QEMU refuses
 */
export function readExtensions(from: HeaderCluster, problems: Problem[]): Extensions {
  const { header, cluster } = from
  const all: HeaderExtension[] = []
  let backingFormat: string | undefined
  let externalDataFile: string | undefined
  let luksHeader: LuksHeader | undefined
  let bitmaps: BitmapsExtension | undefined
  for (const extension of walkExtensions(from)) {
    const { magic, data, offset } = extension
    all.push(extension)
    if (magic === ExtensionMagic.backingFormat) {
      if (data.length >= 16)
        throw new Qcow2Error(`ERROR: ext_backing_format: len=${data.length} too large (>=16)`, offset)
      backingFormat = cString(data)
    } else if (magic === ExtensionMagic.dataFile) externalDataFile = cString(data)
    else if (magic === ExtensionMagic.cryptoHeader)
      luksHeader = decodeLuksExtension(extension, header.cryptMethod, cluster.length)
    else if (magic === ExtensionMagic.bitmaps)
      bitmaps = decodeBitmapsExtension(extension, header, problems) ?? bitmaps
  }
  return { all, backingFormat, externalDataFile, luksHeader, bitmaps }
}

/** One after the other, so that a fault in the second is told only after the first was looked at. */
function* walkExtensions({ header, cluster, extensionsEnd }: HeaderCluster): Generator<HeaderExtension> {
  const view = viewOf(cluster)
  for (let start = header.headerLength; start < extensionsEnd; ) {
    const dataStart = start + 8
    // The head itself may reach past the end of the cluster; then what is there does not matter.
    const length = dataStart > extensionsEnd ? 0 : view.getUint32(start + 4)
    if (dataStart > extensionsEnd || length > extensionsEnd - dataStart)
      throw new Qcow2Error(
        'Header extension too large',
        BigInt(start),
        `The extensions, starting at offset ${header.headerLength}, must end before offset ${extensionsEnd}.`,
      )
    const magic = view.getUint32(start)
    if (magic === ExtensionMagic.end) return
    yield { magic, offset: BigInt(start), data: cluster.slice(dataStart, dataStart + length) }
    start = dataStart + Math.ceil(length / 8) * 8
  }
}
