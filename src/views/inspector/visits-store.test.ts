import { beforeEach, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { createSelectionStore } from '../../state/selection-store.ts'
import type { SessionState } from '../../state/session-store.ts'
import { createVisitsStore } from './visits-store.ts'

const session = createStore(() => ({ run: 1 }) as SessionState)
const selection = createSelectionStore()
const store = createVisitsStore({ session, selection })
const visits = () => store.getState()
const shown = () => [selection.getState().selected, visits().place?.byte]

beforeEach(() => {
  session.setState({ run: session.getState().run + 1 })
  selection.getState().clear()
})

it('goes back to the byte that was looked at, and forward again', () => {
  selection.getState().select(0)
  visits().note({ cluster: 0, byte: 40 })
  visits().visit({ cluster: 3, byte: 0 })
  expect(selection.getState().revealed).toMatchObject({ start: 3, clusters: 1 })
  visits().note({ cluster: 3, byte: 16 })
  visits().visit({ cluster: 9, byte: 8 })
  expect(shown()).toEqual([9, 8])
  visits().back()
  expect(shown()).toEqual([3, 16])
  visits().back()
  expect(shown()).toEqual([0, 40])
  visits().back()
  expect(shown()).toEqual([0, 40])
  visits().forward()
  visits().forward()
  expect(shown()).toEqual([9, 8])
  expect(visits().future).toEqual([])
})

it('comes from wherever one went meanwhile, and forgets what lay ahead', () => {
  selection.getState().select(0)
  visits().visit({ cluster: 1, byte: 0 })
  visits().back()
  selection.getState().select(5)
  visits().visit({ cluster: 6, byte: 0 })
  expect(visits().future).toEqual([])
  visits().back()
  expect(shown()).toEqual([5, 0])
})

it('forgets everything with the image', () => {
  selection.getState().select(0)
  visits().visit({ cluster: 1, byte: 0 })
  session.setState({ run: 99 })
  expect(visits()).toMatchObject({ past: [], future: [], place: undefined })
})

it('keeps no more than a few hundred places', () => {
  selection.getState().select(0)
  for (let cluster = 1; cluster < 500; cluster++) visits().visit({ cluster, byte: 0 })
  expect(visits().past).toHaveLength(200)
  expect(visits().past.at(-1)).toEqual({ cluster: 498, byte: 0 })
})
