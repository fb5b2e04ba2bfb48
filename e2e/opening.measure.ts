/**
 * A real image with 128 MiB of L2 tables, from the file chosen to the map complete, against `qemu-img check` on the same
 * and against the browser's reading of the same bytes and nothing else: `npm run bench -- page`. It says figures, and
 * holds nobody to them.
 */
import { spawnSync } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { NodeFileSource } from '../src/disk/node-file.ts'
import type { Span } from '../src/disk/byte-source.ts'
import { stretchesOf } from '../src/disk/stretches.ts'
import { openImage } from '../src/qcow2/open-image.ts'
import { median } from '../src/testing/benchmark.ts'
import { test } from './support/test.ts'

const ROUNDS = 7

/** The file is sparse: this is what it takes, with some to spare. */
const NEEDED_BYTES = 300 * 2 ** 20

const OFFSET_MASK = 0x00fffffffffffe00n

test('a terabyte opened, against qemu-img check', async ({ app, images, page }) => {
  test.setTimeout(600_000)
  const missing = await whatIsMissing(images.folder)
  test.skip(missing !== undefined, missing)
  const path = await images.qcow2('terabyte.qcow2', '1T', {
    creation: 'preallocation=metadata,cluster_size=64k',
  })
  const tables = await tablesOf(path)
  const contestants: { name: string; run: () => Promise<number> }[] = [
    { name: 'qemu-img check', run: () => timed(() => images.qemuImg('check', '-q', path)) },
    {
      name: 'opened in the page',
      async run() {
        await app.open()
        await watchOpening(page)
        await app.chooseFile(path)
        const took = await page.evaluate(async () => (await window.opened)!.took)
        await app.idle()
        return took
      },
    },
    {
      name: 'the browser reading as much',
      run: () => page.evaluate(inWorker, [String(readTogether), tables] as const),
    },
  ]
  const times = contestants.map((): number[] => [])
  for (let round = -1; round < ROUNDS; round++)
    for (const [index, { run }] of contestants.entries()) {
      const took = await run()
      if (round >= 0) times[index]!.push(took)
    }
  const yardstick = times[0]!
  for (const [index, { name }] of contestants.entries()) {
    const own = times[index]!
    const ratio = median(own.map((time, round) => time / yardstick[round]!))
    const [least, most] = [Math.min(...own), Math.max(...own)]
    console.log(
      `  ${name.padEnd(30)} ${median(own).toFixed(0).padStart(5)} ms   x ${ratio.toFixed(2)}   ${least.toFixed(0)} to ${most.toFixed(0)} ms, ${ROUNDS} rounds in turns`,
    )
  }
})

declare global {
  interface Window {
    opened?: Promise<{ readonly file: File; readonly took: number }>
  }
}

/** @returns why there is nothing to measure here; undefined if there is */
async function whatIsMissing(folder: string): Promise<string | undefined> {
  if (spawnSync('qemu-img', ['--version']).status !== 0) return 'No qemu-img here.'
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize < NEEDED_BYTES ? `Less than ${NEEDED_BYTES} bytes are free in ${folder}.` : undefined
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Where all L2 tables and refcount blocks are, in the order of the file; those side by side are one. */
async function tablesOf(path: string): Promise<Span[]> {
  const source = await NodeFileSource.open(path)
  const { l1Table, refcountTable, clusterSize } = await openImage(source)
  await source.close()
  const entries = [l1Table, refcountTable].flatMap(table =>
    Array.from({ length: table.byteLength / 8 }, (_, i) => Number(table.getBigUint64(8 * i) & OFFSET_MASK)),
  )
  const spans = entries
    .filter(offset => offset !== 0)
    .toSorted((a, b) => a - b)
    .map(offset => ({ offset, length: clusterSize }))
  return stretchesOf(spans).map(({ offset, length }) => ({ offset, length }))
}

/** From now on the page knows of the file that is chosen next, and how long it took until its map was there (ms). */
const watchOpening = (page: Page): Promise<void> =>
  page.evaluate(() => {
    window.opened = new Promise(resolve => {
      document.addEventListener(
        'change',
        ({ target }) => {
          const started = performance.now()
          const file = (target as HTMLInputElement).files![0]!
          new MutationObserver((_, observer) => {
            if (!document.querySelector('#map-summary')!.textContent.startsWith('4\u202f097 windows')) return
            observer.disconnect()
            resolve({ file, took: performance.now() - started })
          }).observe(document.body, { childList: true, subtree: true, characterData: true })
        },
        { capture: true, once: true },
      )
    })
  })

/** As fast as we know to. @returns how long it took (ms) */
async function readTogether(file: Blob, tables: readonly Span[]): Promise<number> {
  const started = performance.now()
  let next = 0
  const readOn = async () => {
    while (next < tables.length) {
      const batch = tables.slice(next, (next += 128))
      await new Blob(batch.map(({ offset, length }) => file.slice(offset, offset + length))).arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: 4 }, readOn))
  return performance.now() - started
}

/** In the page that has just opened the file: reads it in a worker that does nothing else. */
async function inWorker([read, tables]: readonly [string, readonly Span[]]): Promise<number> {
  const { file } = (await window.opened)!
  const code = `onmessage = async ({ data }) => postMessage(await (${read})(...data))`
  const worker = new Worker(URL.createObjectURL(new Blob([code])))
  return await new Promise(resolve => {
    worker.onmessage = ({ data }) => {
      worker.terminate()
      resolve(data as number)
    }
    worker.postMessage([file, tables])
  })
}
