import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'

/** Changes bytes of an image file, in the words of the qcow2 specification. */
export class ImageEditor {
  readonly #fd: number

  constructor(path: string) {
    this.#fd = openSync(path, 'r+')
  }

  close(): void {
    closeSync(this.#fd)
  }

  truncate(size: number): this {
    ftruncateSync(this.#fd, size)
    return this
  }

  bytes(offset: number, bytes: Uint8Array): this {
    writeSync(this.#fd, bytes, 0, bytes.length, offset)
    return this
  }

  text(offset: number, text: string): this {
    return this.bytes(offset, Buffer.from(text))
  }

  u8(offset: number, value: number): this {
    return this.bytes(offset, Uint8Array.of(value))
  }

  u16(offset: number, value: number): this {
    return this.bytes(offset, Uint8Array.of(value >> 8, value & 255))
  }

  u32(offset: number, value: number): this {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return this.bytes(offset, bytes)
  }

  u64(offset: number, value: bigint): this {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(value)
    return this.bytes(offset, bytes)
  }

  readU32(offset: number): number {
    return this.#read(offset, 4).readUInt32BE()
  }

  readU64(offset: number): bigint {
    return this.#read(offset, 8).readBigUInt64BE()
  }

  /** @returns where the extension's head stands */
  extension(magic: number): number {
    for (let offset = this.readU32(100); ; ) {
      const found = this.readU32(offset)
      if (found === magic) return offset
      if (found === 0) throw new Error(`no extension ${magic.toString(16)}`)
      offset += 8 + Math.ceil(this.readU32(offset + 4) / 8) * 8
    }
  }

  /** Puts these extensions, and the end mark, in the place of all there were. */
  extensions(...extensions: readonly [magic: number, data: Uint8Array][]): this {
    let offset = this.readU32(100)
    for (const [magic, data] of extensions) {
      this.u32(offset, magic)
        .u32(offset + 4, data.length)
        .bytes(offset + 8, data)
      offset += 8 + Math.ceil(data.length / 8) * 8
    }
    return this.u64(offset, 0n)
  }

  #read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    readSync(this.#fd, bytes, 0, length, offset)
    return bytes
  }
}
