import { expect, it } from 'vitest'
import { settled } from '../testing/fake-worker.ts'
import { PAGE_SIZE, Pages } from './pages.ts'

function numbers(before?: Pages<number>, base = 0) {
  const fetched: number[] = []
  let changes = 0
  const pages = new Pages<number>(
    async (from, count) => {
      fetched.push(from)
      return Array.from({ length: count }, (_, i) => base + from + i)
    },
    () => changes++,
    before,
  )
  return { pages, fetched, changes: () => changes }
}

it('fetches a page when it is looked at, once', async () => {
  const { pages, fetched, changes } = numbers()
  expect(pages.at(5)).toBeUndefined()
  expect(pages.at(6)).toBeUndefined()
  await settled()
  expect(fetched).toEqual([0])
  expect(changes()).toBe(1)
  expect(pages.at(5)).toBe(5)
  expect(pages.at(PAGE_SIZE - 1)).toBe(PAGE_SIZE - 1)
  expect(fetched).toEqual([0])
})

it('holds few pages, and lets go of the one not used for longest', async () => {
  const { pages, fetched } = numbers()
  for (let page = 0; page < 40; page++) pages.at(page * PAGE_SIZE)
  await settled()
  expect(pages.at(0)).toBe(0)
  pages.at(40 * PAGE_SIZE)
  await settled()
  fetched.length = 0
  pages.at(0)
  expect(fetched).toEqual([])
  pages.at(PAGE_SIZE)
  expect(fetched).toEqual([PAGE_SIZE])
})

it('shows what was there before until its own pages arrive', async () => {
  const old = numbers().pages
  old.at(3)
  await settled()
  const { pages } = numbers(old, 1000)
  expect(pages.at(3)).toBe(3)
  await settled()
  expect(pages.at(3)).toBe(1003)
})

it('does not ask again and again for a page that cannot be had', async () => {
  let asked = 0
  const pages = new Pages<number>(
    async () => {
      asked++
      throw new Error('the run is gone')
    },
    () => undefined,
  )
  pages.at(1)
  await settled()
  pages.at(1)
  await settled()
  expect(asked).toBe(1)
})

it('does not fetch the first page where it is given one', async () => {
  const fetched: number[] = []
  const pages = new Pages<number>(
    async (from, count) => {
      fetched.push(from)
      return Array.from({ length: count }, (_, i) => from + i)
    },
    () => undefined,
    undefined,
    Array.from({ length: PAGE_SIZE }, (_, i) => -i),
  )
  expect(pages.at(3)).toBe(-3)
  pages.at(PAGE_SIZE)
  await settled()
  expect(fetched).toEqual([PAGE_SIZE])
  expect(pages.at(PAGE_SIZE)).toBe(PAGE_SIZE)
})
