/** Tables that share pages with the disk against tables that are copied whole. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemorySource } from './memory-source.ts'
import { Overlay } from './overlay.ts'
import { PageRow } from './page-row.ts'

const FILE_BYTES = 2 ** 16
const SOURCE = Uint8Array.from({ length: FILE_BYTES }, (_, i) => (i < FILE_BYTES / 2 ? 1 + (i % 251) : 0))

/** A table in use: as it is here, and its bytes as they should be. */
interface Table {
  readonly row: PageRow
  readonly bytes: Uint8Array
  readonly offset: number
}

interface Disk {
  readonly overlay: Overlay
  readonly bytes: Uint8Array
}

const step = fc.record({
  kind: fc.constantFrom(
    'read',
    'next',
    'new',
    'set',
    'set',
    'write',
    'write',
    'copy',
    'move',
    'foreign',
    'clone',
  ),
  disk: fc.nat(2),
  table: fc.nat(4),
  place: fc.nat(3),
  value: fc.integer({ min: 0, max: 0xffffffff }),
})

it.each([512, 4096, 16384])(
  'tables of %i bytes are independent of the disk, of copies, and of each other',
  size => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const disks: Disk[] = [{ overlay: new Overlay(new MemorySource(SOURCE)), bytes: SOURCE.slice() }]
        const tables: Table[] = [{ row: PageRow.zeros(size), bytes: new Uint8Array(size), offset: 0 }]
        for (const { kind, disk: diskIndex, table: tableIndex, place, value } of steps) {
          const disk = disks[diskIndex % disks.length]!
          const table = tables[tableIndex % tables.length]!
          const offset = (place * size) % FILE_BYTES
          if (kind === 'read')
            tables.push({
              row: disk.overlay.readTable(offset, size),
              bytes: disk.bytes.slice(offset, offset + size),
              offset,
            })
          else if (kind === 'next') {
            // Takes the place of another, which is used no more.
            const row = disk.overlay.readTable(offset, size)
            row.follow(table.row)
            tables[tables.indexOf(table)] = { row, bytes: disk.bytes.slice(offset, offset + size), offset }
          } else if (kind === 'new')
            tables.push({ row: PageRow.zeros(size), bytes: new Uint8Array(size), offset })
          else if (kind === 'set') set(table, (value % (size / 4)) * 4, value)
          else if (kind === 'copy')
            tables.push({ row: table.row.clone(), bytes: table.bytes.slice(), offset: table.offset })
          else if (kind === 'move')
            tables.push({ row: table.row.clone(), bytes: table.bytes.slice(), offset })
          else if (kind === 'write') {
            disk.overlay.writeTable(table.offset, table.row)
            disk.bytes.set(table.bytes, table.offset)
          } else if (kind === 'foreign') {
            disk.overlay.fill(offset + 100, 50, value & 255)
            disk.bytes.fill(value & 255, offset + 100, offset + 150)
          } else disks.push({ overlay: disk.overlay.clone(), bytes: disk.bytes.slice() })
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
      { numRuns: 150 },
    )
  },
)

function set({ row, bytes }: Table, at: number, value: number): void {
  row.setUint32(at, value)
  new DataView(bytes.buffer).setUint32(at, value)
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
