/** The cache against one that follows the rules literally, table by table. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PageRow } from '../disk/page-row.ts'
import { DriverError, passOver } from './driver-error.ts'
import { type CacheDisk, TableCache } from './table-cache.ts'

const CLUSTER = 512
const SIZE = 5

const tableOf = (byte: number): PageRow => PageRow.of(new Uint8Array(CLUSTER).fill(byte))

/** A disk that writes down what reaches it, and refuses some clusters. */
class Disk implements CacheDisk {
  readonly log: string[] = []
  readonly tables = new Map<number, number>()
  private readonly nameOf: (cache: unknown) => string

  constructor(nameOf: (cache: unknown) => string) {
    this.nameOf = nameOf
  }

  readTable(offset: number): PageRow {
    this.log.push(`read ${offset / CLUSTER}`)
    return tableOf(this.tables.get(offset) ?? 0)
  }

  writeTable(cache: unknown, offset: number, table: PageRow): void {
    const cluster = offset / CLUSTER
    if (cluster % 7 === 6) {
      this.log.push(`${this.nameOf(cache)} refused ${cluster}`)
      throw new DriverError('EIO')
    }
    this.log.push(`${this.nameOf(cache)} writes ${cluster} ${table.getUint8(0)}`)
    this.tables.set(offset, table.getUint8(0))
  }
}

interface Entry {
  offset: number
  dirty: boolean
  used: number
  byte: number
}

/** The rules, as they are told. */
class LiteralCache {
  entries: Entry[] = Array.from({ length: SIZE }, () => ({ offset: 0, dirty: false, used: 0, byte: 0 }))
  clock = 0
  dependsOn: LiteralCache | undefined
  private readonly disk: Disk

  constructor(disk: Disk) {
    this.disk = disk
  }

  /** Takes the table, changes it to the byte (if there is one), and gives it back. */
  use(offset: number, read: boolean, byte: number | undefined): number {
    const first = Math.floor((offset / CLUSTER) * 4) % SIZE
    const order = this.entries.map((_, i) => this.entries[(first + i) % SIZE]!)
    let entry = order.find(one => one.offset === offset)
    if (!entry) {
      entry = order.reduce((best, one) => (one.used < best.used ? one : best))
      this.write(entry)
      entry.offset = 0
      entry.byte = read ? this.disk.readTable(offset).getUint8(0) : 0
      entry.offset = offset
    }
    if (byte !== undefined) {
      entry.byte = byte
      entry.dirty = true
    }
    entry.used = ++this.clock
    return entry.byte
  }

  write(entry: Entry): void {
    if (!entry.dirty || entry.offset === 0) return
    this.flushDependency()
    this.disk.writeTable(this, entry.offset, tableOf(entry.byte))
    entry.dirty = false
  }

  flush(): void {
    const failures = this.entries.map(entry => passOver(() => this.write(entry)))
    const last = failures.findLast(failure => failure !== undefined)
    if (last) throw last
  }

  flushDependency(): void {
    this.dependsOn?.flush()
    this.dependsOn = undefined
  }

  setDependency(on: LiteralCache): void {
    if (on.dependsOn) on.flushDependency()
    if (this.dependsOn && this.dependsOn !== on) this.flushDependency()
    this.dependsOn = on
  }

  discard(offset: number): void {
    const entry = this.entries.find(one => one.offset === offset)
    if (entry) Object.assign(entry, { offset: 0, dirty: false, used: 0 })
  }
}

const step = fc.record({
  which: fc.nat(1),
  kind: fc.constantFrom(
    'read',
    'read',
    'change',
    'change',
    'change',
    'new',
    'flush',
    'depend',
    'discard',
    'copy',
  ),
  cluster: fc.integer({ min: 1, max: 12 }),
  byte: fc.integer({ min: 1, max: 255 }),
})

function use(cache: TableCache, offset: number, kind: string, byte: number): number {
  const slot = kind === 'new' ? cache.getEmpty(offset) : cache.get(offset)
  if (kind === 'new') cache.fill(slot, tableOf(byte))
  if (kind === 'change') cache.change(slot).setUint8(0, byte)
  const first = cache.view(slot).getUint8(0)
  cache.put(slot)
  return first
}

it('reads, evicts and writes in the order of the rules', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const disk = new Disk(cache => `cache ${caches.indexOf(cache as TableCache)}`)
      const literalDisk = new Disk(cache => `cache ${literal.indexOf(cache as LiteralCache)}`)
      let caches = [new TableCache(SIZE, CLUSTER, disk), new TableCache(SIZE, CLUSTER, disk)]
      const literal = [new LiteralCache(literalDisk), new LiteralCache(literalDisk)]
      for (const { which, kind, cluster, byte } of steps) {
        const offset = cluster * CLUSTER
        const [cache, other] = [caches[which]!, caches[1 - which]!]
        const [model, otherModel] = [literal[which]!, literal[1 - which]!]
        let ours: number | string | undefined = 0
        let theirs: number | string | undefined = 0
        const failed = passOver(() => {
          if (kind === 'flush') cache.flush()
          else if (kind === 'depend') cache.setDependency(other)
          else if (kind === 'discard') cache.discard(offset)
          else if (kind === 'copy') caches = copies(caches, disk)
          else ours = use(cache, offset, kind, byte)
        })
        const modelFailed = passOver(() => {
          if (kind === 'flush') model.flush()
          else if (kind === 'depend') model.setDependency(otherModel)
          else if (kind === 'discard') model.discard(offset)
          else if (kind !== 'copy')
            theirs = model.use(offset, kind !== 'new', kind === 'read' ? undefined : byte)
        })
        expect([failed?.errno, ours]).toEqual([modelFailed?.errno, theirs])
        expect(disk.log).toEqual(literalDisk.log)
      }
      expect(caches.map(({ isDirty }) => isDirty)).toEqual(
        literal.map(({ entries }) => entries.some(({ dirty }) => dirty)),
      )
    }),
    { numRuns: 500 },
  )
})

/** Copies to go on with; the old ones are written to, which must not show. */
function copies(caches: readonly TableCache[], disk: Disk): TableCache[] {
  const made = caches.map(cache => cache.clone(disk))
  made.forEach((copy, i) => {
    if (caches[i]!.dependsOn) copy.dependsOn = made[1 - i]
  })
  for (const cache of caches)
    for (let cluster = 1; cluster <= 12; cluster++)
      if (cache.has(cluster * CLUSTER)) use(cache, cluster * CLUSTER, 'change', 0)
  return made
}

it('will not take a table that would be at offset 0', () => {
  const cache = new TableCache(SIZE, CLUSTER, new Disk(() => 'it'))
  expect(() => cache.get(0)).toThrow(DriverError)
})
