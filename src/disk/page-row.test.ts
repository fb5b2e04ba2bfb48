/** Tables that share pages with the disk against tables that are copied whole. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemorySource } from './memory-source.ts'
import { Overlay } from './overlay.ts'
import { PageRow } from './page-row.ts'

const FILE_BYTES = 2 ** 15
const SOURCE = Uint8Array.from({ length: FILE_BYTES }, (_, i) => (i < FILE_BYTES / 2 ? 1 + (i % 251) : 0))

/** A table in use: as it is here, and its bytes as they should be. */
interface Table {
  readonly row: PageRow
  readonly bytes: Uint8Array
}

interface Disk {
  readonly overlay: Overlay
  readonly bytes: Uint8Array
}

/** Few of everything, so that what is shared meets what is changed. */
const MOST_TABLES = 3
const MOST_DISKS = 2

const step = fc.record({
  kind: fc.constantFrom(
    'read',
    'next',
    'new',
    'copy',
    'clone',
    'foreign',
    'set',
    'write',
    'use',
    'use',
    'use',
  ),
  disk: fc.nat(MOST_DISKS - 1),
  table: fc.nat(MOST_TABLES - 1),
  place: fc.nat(1),
  value: fc.integer({ min: 0, max: 0xffffffff }),
})

it.each([512, 4096, 8192])(
  'tables of %i bytes are independent of disks, of copies, and of each other',
  size => {
    const emptyTable = (): Table => ({ row: PageRow.zeros(size), bytes: new Uint8Array(size) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), steps => {
        const disks: Disk[] = [{ overlay: new Overlay(new MemorySource(SOURCE)), bytes: SOURCE.slice() }]
        const tables = Array.from({ length: MOST_TABLES }, emptyTable)
        for (const { kind, disk: diskIndex, table: at, place, value } of steps) {
          const disk = disks[diskIndex % disks.length]!
          const table = tables[at]!
          const other = (at + 1) % MOST_TABLES
          const offset = place * size
          const read = (): Table => ({
            row: disk.overlay.readTable(offset, size),
            bytes: disk.bytes.slice(offset, offset + size),
          })
          if (kind === 'read') tables[at] = read()
          else if (kind === 'next') {
            tables[at] = read()
            tables[at].row.follow(table.row)
          } else if (kind === 'new') tables[at] = emptyTable()
          else if (kind === 'copy') tables[other] = { row: table.row.clone(), bytes: table.bytes.slice() }
          else if (kind === 'set') set(table, value)
          else if (kind === 'write') write(table, disk, offset)
          else if (kind === 'use') {
            // As a cache does all the time.
            set(table, value)
            write(table, disk, offset)
            set(table, ~value)
          } else if (kind === 'foreign') {
            disk.overlay.fill(offset + 100, 50, value & 255)
            disk.bytes.fill(value & 255, offset + 100, offset + 150)
          } else disks[1] = { overlay: disk.overlay.clone(), bytes: disk.bytes.slice() }
        }
        for (const { overlay, bytes } of disks)
          expect(Buffer.compare(overlay.readSync(0, FILE_BYTES), bytes)).toBe(0)
        for (const { row, bytes } of tables)
          expect(
            Buffer.compare(
              Uint8Array.from(bytes, (_, i) => row.getUint8(i)),
              bytes,
            ),
          ).toBe(0)
      }),
      { numRuns: 400 },
    )
  },
)

function set({ row, bytes }: Table, value: number): void {
  const at = ((value >>> 0) % (bytes.length / 4)) * 4
  row.setUint32(at, value)
  new DataView(bytes.buffer).setUint32(at, value)
}

function write({ row, bytes }: Table, disk: Disk, offset: number): void {
  disk.overlay.writeTable(offset, row)
  disk.bytes.set(bytes, offset)
}

it('reads and sets numbers of every width as a DataView does', () => {
  const row = PageRow.zeros(8192)
  const view = new DataView(new ArrayBuffer(8192))
  for (const target of [row, view]) {
    target.setUint8(4095, 0x12)
    target.setUint16(4098, 0xfedc)
    target.setUint32(4100, 0x89abcdef)
  }
  for (let at = 4088; at < 4112; at += 4) {
    expect(row.getUint8(at + 3)).toBe(view.getUint8(at + 3))
    expect(row.getUint16(at + 2)).toBe(view.getUint16(at + 2))
    expect(row.getUint32(at)).toBe(view.getUint32(at))
  }
})
