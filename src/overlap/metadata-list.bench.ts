/** The engine against the literal one: the same calls, in turns. */
import type { Benchmark, Contestant } from '../testing/benchmark.ts'
import { LiteralMetadataList } from '../testing/literal-metadata-list.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { CallKind, type CallList, emptyCallList, makeCalls } from './call-list.ts'
import { createEngine } from './create-engine.ts'
import type { OverlapEngine } from './engine.ts'
import type { MetadataList } from './metadata-list.ts'

const GIB_CLUSTERS = 2 ** 14
const SMALL = 64 * GIB_CLUSTERS
const LARGE = 1024 * GIB_CLUSTERS
const WINDOW = 4096

interface Work {
  readonly name: string
  readonly clusters: number
  /** An L2 table stands at every so many clusters before the calls begin; none for 0. */
  readonly every: number
  readonly calls: CallList
}

const work: readonly Work[] = [
  { name: 'checks in order, 1 TiB', clusters: LARGE, every: 8192, calls: checks(900_000, i => i % LARGE) },
  { name: 'random checks, 64 GiB', clusters: SMALL, every: 512, calls: randomChecks(20_000, SMALL, 1) },
  { name: 'random checks, 1 TiB', clusters: LARGE, every: 8192, calls: randomChecks(20_000, LARGE, 1) },
  { name: 'ranges of 256 clusters', clusters: SMALL, every: 512, calls: randomChecks(20_000, SMALL, 256) },
  { name: 'enters, 64 GiB', clusters: SMALL, every: 0, calls: randomEnters(20_000, SMALL) },
]

const kindsOfCalls: readonly Benchmark[] = work.map(({ name, clusters, every, calls: list }) => {
  const options = {
    version: 'v6',
    clusterBits: 16,
    checkedTypes: 255,
    fileSize: clusters * 65536,
    bitmapSize: 65536,
  } as const
  let literal: LiteralMetadataList
  let engine: OverlapEngine
  return {
    name: `engine: ${name}`,
    unit: 'call',
    contestants: [
      {
        name: 'literal',
        prepare() {
          literal = new LiteralMetadataList({ ...options, totalSizeLimit: Infinity }, () => {})
          for (const at of tablesOf(clusters, every)) literal.enter(at, 1, 4, true)
        },
        run() {
          const { kind, window, index, nbClusters, types } = list
          for (let i = 0; i < list.count; i++) {
            const cluster = window[i]! * WINDOW + index[i]!
            if (kind[i] === CallKind.check) literal.check(cluster, nbClusters[i]!, types[i]!)
            else literal.enter(cluster, nbClusters[i]!, types[i]!, true)
          }
          return list.count
        },
      },
      {
        name: 'engine',
        prepare() {
          engine = createEngine({ ...options, bitmapSize: 65536n, totalSizeLimit: undefined })!
          for (const at of tablesOf(clusters, every)) engine.enter(Math.floor(at / WINDOW), at % WINDOW, 1, 4)
        },
        run() {
          makeCalls(engine, list)
          return list.count
        },
      },
    ],
  }
})

/** A state to go back to, after every few checks of a list with ten thousand windows in use. */
function checkpoints(): Benchmark {
  const ROUNDS = 100
  const contestant = (name: string, keep: (engine: MetadataList) => unknown): Contestant => {
    const engine = createEngine({
      version: 'v6',
      clusterBits: 16,
      checkedTypes: 255,
      fileSize: 10_000 * WINDOW * 65536,
      bitmapSize: 65536n,
      totalSizeLimit: undefined,
    })!
    for (let window = 0; window < 10_000; window++) engine.enter(window, 7, 1, 4)
    const kept: unknown[] = [keep(engine)]
    return {
      name,
      prepare() {
        kept.length = 1
      },
      run() {
        for (let round = 0; round < ROUNDS; round++) {
          for (let i = 0; i < 3; i++) engine.check((37 * round + i) % 10_000, 0, 1, 0)
          kept.push(keep(engine))
        }
        return ROUNDS
      },
    }
  }
  return {
    name: 'engine: a state kept, 3 of 10,000 windows after the last',
    unit: 'state',
    contestants: [
      contestant('clone', engine => engine.clone()),
      contestant('checkpoint', engine => engine.checkpoint()),
    ],
  }
}

export const benchmarks: readonly Benchmark[] = [...kindsOfCalls, checkpoints()]

/** Where the L2 tables stand. */
const tablesOf = (clusters: number, every: number): number[] =>
  every === 0 ? [] : Array.from({ length: Math.ceil(clusters / every) }, (_, i) => i * every)

function checks(count: number, at: (i: number) => number, clusters = 1): CallList {
  const calls = emptyCallList(count)
  for (let i = 0; i < count; i++) {
    const cluster = at(i)
    calls.kind[i] = CallKind.check
    calls.window[i] = Math.floor(cluster / WINDOW)
    calls.index[i] = cluster % WINDOW
    calls.nbClusters[i] = clusters
  }
  return calls
}

function randomChecks(count: number, clusters: number, length: number): CallList {
  const random = seededRandom(1)
  return checks(count, () => Math.floor(random() * (clusters - length)), length)
}

function randomEnters(count: number, clusters: number): CallList {
  const random = seededRandom(2)
  const calls = checks(count, () => Math.floor(random() * clusters))
  calls.kind.fill(CallKind.enter)
  for (let i = 0; i < count; i++) calls.types[i] = [4, 16, 64, 128][Math.floor(random() * 4)]!
  return calls
}
