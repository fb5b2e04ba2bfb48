/** Seeded sequences of commands over all kinds of images, for the simulated driver and the real QEMU to run. */
import { seededRandom } from './seeded-random.ts'

export interface ImageGeometry {
  readonly clusterSize: number
  readonly version: 2 | 3
  readonly refcountBits: number
  readonly extendedL2: boolean
  /** Virtual disk size, bytes. */
  readonly size: number
  readonly lazyRefcounts: boolean
  readonly preallocation: 'off' | 'metadata' | 'falloc'
}

export interface CommandSequence {
  readonly geometry: ImageGeometry
  /**
   * In the command language. `snapshot`, `resize` and `check` are a process of qemu-img each; the commands
   * between two of them, or between two of `reopen`, are one process of qemu-io.
   */
  readonly commands: readonly string[]
}

/** What to leave out, while looking for the cause of a difference. */
export interface SequenceLimits {
  readonly commands: { readonly min: number; readonly max: number }
}

/** @param seed a whole number; neighbours give unlike sequences */
export function commandSequence(
  seed: number,
  { commands: { min, max } }: SequenceLimits = { commands: { min: 10, max: 24 } },
): CommandSequence {
  const chance = new Chance(seed)
  const geometry = pickGeometry(chance)
  const writer = new SequenceWriter(chance, geometry)
  const count = chance.whole(min, max)
  while (writer.commands.length < count) writer.add()
  return { geometry, commands: writer.commands }
}

/**
 * A sequence in which refcounts are damaged, and repaired. The first refcount block counts the first clusters, and
 * is the third cluster of a fresh image, behind the table that points to it.
 * @param seed a whole number
 */
export function damagedSequence(seed: number): CommandSequence {
  const { geometry, commands } = commandSequence(seed, { commands: { min: 4, max: 12 } })
  const chance = new Chance(seed ^ 0x5bd1e995)
  // Without these the first block stays where it was made.
  const before = commands.filter(command => !/^(check|resize)/.test(command))
  const { clusterSize, refcountBits, preallocation } = geometry
  const countBytes = Math.ceil(refcountBits / 8)
  const damage = (): string => {
    const block = 2 * clusterSize + chance.whole(0, 40) * countBytes
    return chance.pick(
      [6, `poke ${block + countBytes - 1} ${chance.of(0.5) ? '00' : '01'}`],
      [3, `poke ${block + countBytes - 1} 03`],
      [2, `poke ${2 * clusterSize} ${'00'.repeat(countBytes * chance.whole(1, 40))}`],
      [1, `poke ${clusterSize} 0000000000000000`],
      // Into the header. (Where it would be moved within its cluster, today's check still guards that cluster, and
      // the one of the 2015 series does not; and of a preallocated image QEMU keeps other counts than we do.)
      [clusterSize < 32768 && preallocation === 'off' ? 1 : 0, `poke ${clusterSize + 6} 0200`],
    )
  }
  const pokes = Array.from({ length: chance.whole(1, 3) }, damage)
  const repairs = chance.of(0.3) ? ['check', 'check -r leaks', 'check -r all'] : ['check -r all']
  return { geometry, commands: [...before, ...pokes, ...repairs, 'write -P 77 0 9000', 'check'] }
}

/** The options of `qemu-img create -o`. */
export const createOptions = ({
  clusterSize,
  version,
  refcountBits,
  extendedL2,
  lazyRefcounts,
  preallocation,
}: ImageGeometry): string =>
  [
    `cluster_size=${clusterSize}`,
    `compat=${version === 2 ? '0.10' : '1.1'}`,
    `refcount_bits=${refcountBits}`,
    ...(extendedL2 ? ['extended_l2=on'] : []),
    ...(lazyRefcounts ? ['lazy_refcounts=on'] : []),
    ...(preallocation === 'off' ? [] : [`preallocation=${preallocation}`]),
  ].join(',')

class Chance {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = seededRandom(Math.imul(seed, 0x9e3779b1))
    // The first numbers of neighbouring seeds are alike.
    for (let i = 0; i < 4; i++) this.#random()
  }

  /** Whole, both ends included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.#random() * (max - min + 1))
  }

  of(probability: number): boolean {
    return this.#random() < probability
  }

  /** One of them, each as often as its weight says. */
  pick<T>(...weighted: readonly (readonly [weight: number, value: T])[]): T {
    let rest = this.#random() * weighted.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of weighted) {
      rest -= weight
      if (rest < 0) return value
    }
    return weighted.at(-1)![1]
  }
}

const MIB = 2 ** 20

/** Guest bytes that one L2 table maps. */
const l2CoverageOf = ({
  clusterSize,
  extendedL2,
}: Pick<ImageGeometry, 'clusterSize' | 'extendedL2'>): number =>
  (clusterSize * clusterSize) / (extendedL2 ? 16 : 8)

function pickGeometry(chance: Chance): ImageGeometry {
  const clusterSize = chance.pick(
    [10, 512],
    [5, 1024],
    [3, 2048],
    [6, 4096],
    [3, 8192],
    [2, 16384],
    [6, 65536],
    [1, 2 * MIB],
  )
  const version = chance.of(0.2) ? 2 : 3
  const extendedL2 = version === 3 && clusterSize >= 16384 && chance.of(0.4)
  const refcountBits =
    version === 2 ? 16 : chance.pick([6, 16], [1, 1], [1, 2], [1, 4], [1, 8], [1, 32], [2, 64])
  const l2Bytes = l2CoverageOf({ clusterSize, extendedL2 })
  const size = chance.pick(
    [4, () => clusterSize * chance.whole(8, 60)],
    // Several L2 tables, and ends within a cluster.
    [4, () => Math.min(l2Bytes * chance.whole(1, 5), 2 ** 40) + 512 * chance.whole(0, 300)],
    [2, () => 64 * MIB],
    // QEMU itself takes minutes where this is a hundred thousand L2 tables.
    [clusterSize >= 2048 ? 1 : 0, () => 2 * 1024 * MIB],
    // Beyond this an L2 table is cached in slices.
    [
      clusterSize === 8192 || clusterSize === 16384 ? 1 : 0,
      () => 40 * 1024 * MIB * (clusterSize / 8192) ** 2,
    ],
  )()
  // An L1 table has at most 32 MiB; and QEMU takes its time for long ones.
  const longest = l2Bytes * 65536
  const diskSize = Math.min(Math.ceil(size / 512) * 512, longest)
  return {
    clusterSize,
    version,
    refcountBits,
    extendedL2,
    size: diskSize,
    lazyRefcounts: version === 3 && chance.of(0.1),
    // Only where that makes few clusters.
    preallocation:
      diskSize / clusterSize > 3000
        ? 'off'
        : chance.pick(
            [8, 'off' as const],
            [1, 'metadata' as const],
            [diskSize < 8 * MIB ? 1 : 0, 'falloc' as const],
          ),
  }
}

class SequenceWriter {
  readonly commands: string[] = []
  readonly #chance: Chance
  readonly #geometry: ImageGeometry
  readonly #places: number[]
  readonly #snapshots: string[] = []
  #size: number
  #names = 0

  constructor(chance: Chance, geometry: ImageGeometry) {
    this.#chance = chance
    this.#geometry = geometry
    this.#size = geometry.size
    const { clusterSize } = geometry
    const l2Bytes = l2CoverageOf(geometry)
    // Commands meet where there is something already: at a few places, some of them where L2 tables join.
    this.#places = [
      0,
      Math.max(0, this.#size - 3 * clusterSize),
      Math.max(0, Math.min(l2Bytes, this.#size) - 2 * clusterSize),
      Math.floor((this.#size * chance.whole(1, 99)) / 100 / clusterSize) * clusterSize,
      Math.floor((this.#size * chance.whole(1, 99)) / 100 / clusterSize) * clusterSize,
    ]
  }

  add(): void {
    const guest = this.#chance.pick(
      [30, () => this.#write()],
      [8, () => this.#range('discard', true)],
      [8, () => this.#range('write -z', true)],
      [6, () => this.#range('write -z -u', true)],
      [6, () => this.#compressed()],
      [2, () => this.#range('read', false)],
      [1, () => 'flush'],
      [3, () => 'reopen'],
      [4, () => this.#snapshot()],
      [3, () => this.#resize()],
      [1, () => `check -r ${this.#chance.of(0.5) ? 'all' : 'leaks'}`],
    )
    this.commands.push(guest())
  }

  #write(): string {
    return this.#range(`write -P ${this.#chance.whole(1, 255)}`, false)
  }

  /** @param whole most of the ranges are of whole clusters: other bytes make these commands into writes */
  #range(command: string, whole: boolean): string {
    const { clusterSize } = this.#geometry
    const chance = this.#chance
    const most = chance.pick([6, 2], [3, 6], [1, Math.min(90, Math.max(8, (2 * MIB) / clusterSize))])
    let offset = this.#place() + clusterSize * chance.whole(0, 5)
    let length = clusterSize * chance.whole(1, most)
    if (chance.of(whole ? 0.25 : 0.5)) {
      const unit = chance.pick([3, 512], [1, 1], [2, clusterSize / 32])
      offset += Math.floor(chance.whole(0, clusterSize - 1) / unit) * unit
      length = Math.max(unit, Math.floor(chance.whole(1, clusterSize * 2) / unit) * unit)
    }
    // Some reach past the end, and fail.
    if (!chance.of(0.03)) {
      offset %= this.#size
      length = Math.min(length, this.#size - offset)
    }
    return `${command} ${offset} ${length}`
  }

  /** One cluster: several would be compressed at once, and placed in the order in which they get done. */
  #compressed(): string {
    const { clusterSize } = this.#geometry
    const clusters = Math.max(1, Math.floor(this.#size / clusterSize))
    const offset =
      clusterSize * ((Math.floor(this.#place() / clusterSize) + this.#chance.whole(0, 5)) % clusters)
    return `write -c -P ${this.#chance.whole(1, 255)} ${offset} ${clusterSize}`
  }

  #place(): number {
    return this.#places[this.#chance.whole(0, this.#places.length - 1)]!
  }

  #snapshot(): string {
    const chance = this.#chance
    const at = chance.whole(0, this.#snapshots.length - 1)
    const known = this.#snapshots[at]
    if (known === undefined || chance.of(0.4)) {
      const name = `s${this.#names++}`
      this.#snapshots.push(name)
      return `snapshot -c ${name}`
    }
    if (chance.of(0.5)) return `snapshot -a ${known}`
    this.#snapshots.splice(at, 1)
    return `snapshot -d ${known}`
  }

  #resize(): string {
    const { clusterSize } = this.#geometry
    // Cutting a disk makes an L2 table for everything that is cut.
    const most = 200 * l2CoverageOf(this.#geometry)
    const change = this.#chance.pick(
      [3, () => clusterSize * this.#chance.whole(-20, 60)],
      [1, () => Math.floor(Math.min(this.#size, most) * (this.#chance.whole(-80, 80) / 100))],
    )()
    // What an image of this kind may be at most, and what leaves the places in reach.
    const size =
      Math.ceil(Math.max(clusterSize, Math.min(this.#size + change, 2 * this.#geometry.size)) / 512) * 512
    this.#size = size
    return `resize ${size}`
  }
}
