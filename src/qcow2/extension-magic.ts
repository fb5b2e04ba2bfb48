/** The header extensions that QEMU 7.2 knows, by their magic numbers. */
export const ExtensionMagic = {
  end: 0,
  backingFormat: 0xe2792aca,
  featureNames: 0x6803f857,
  bitmaps: 0x23852875,
  cryptoHeader: 0x0537be77,
  dataFile: 0x44415441,
} as const

const NAMES = new Map<number, string>([
  [ExtensionMagic.backingFormat, 'backing format'],
  [ExtensionMagic.featureNames, 'feature names'],
  [ExtensionMagic.bitmaps, 'bitmaps'],
  [ExtensionMagic.cryptoHeader, 'crypto header'],
  [ExtensionMagic.dataFile, 'external data file'],
])

/** What people call an extension. */
export const extensionName = (magic: number): string => NAMES.get(magic) ?? 'unknown'
