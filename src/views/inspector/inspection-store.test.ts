import { describe, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { SessionState } from '../../state/session-store.ts'
import { createSelectionStore } from '../../state/selection-store.ts'
import type { SimulatorClient } from '../../state/simulator-client.ts'
import { createInspectionStore } from './inspection-store.ts'

/** Lets promises run their course. */
const settled = () => new Promise(resolve => setTimeout(resolve))

/** Everything the store leans on, driven by hand: frames pass and answers come when the test says so. */
function setUp() {
  const session = createStore(() => ({ run: 1, revision: 1 }) as SessionState)
  const selection = createSelectionStore()
  const asked: { cluster: number; answer: () => void; fail: (error: Error) => void }[] = []
  const frames: (() => void)[] = []
  const client = {
    request: ({ cluster }: { cluster: number }) =>
      new Promise((resolve, reject) => {
        asked.push({
          cluster,
          answer: () => resolve({ inspection: { cluster: { cluster } } }),
          fail: reject,
        })
      }),
  } as unknown as SimulatorClient
  const store = createInspectionStore({
    client,
    session,
    selection,
    nextFrame: callback => frames.push(callback),
  })
  const frame = async () => {
    for (const callback of frames.splice(0)) callback()
    await settled()
  }
  const answer = async () => {
    asked.at(-1)?.answer()
    await settled()
  }
  const shown = () => store.getState().inspection?.cluster.cluster
  return { session, selection, asked, frame, answer, shown, store }
}

describe('inspection store', () => {
  it('asks once a frame, one at a time, and for the newest', async () => {
    const { selection, asked, frame, answer, shown } = setUp()
    for (const cluster of [1, 2, 3]) selection.getState().hover(cluster)
    await frame()
    expect(asked.map(({ cluster }) => cluster)).toEqual([3])
    for (const cluster of [4, 5, 6]) selection.getState().hover(cluster)
    await frame()
    expect(asked).toHaveLength(1)
    await answer()
    expect(shown()).toBe(3)
    await frame()
    expect(asked.map(({ cluster }) => cluster)).toEqual([3, 6])
    await answer()
    expect(shown()).toBe(6)
  })

  it('shows what is pointed at, else what is pinned, else nothing', async () => {
    const { selection, frame, answer, shown } = setUp()
    selection.getState().select(10)
    await frame()
    await answer()
    expect(shown()).toBe(10)
    selection.getState().hover(20)
    await frame()
    await answer()
    expect(shown()).toBe(20)
    selection.getState().hover(undefined)
    await frame()
    await answer()
    expect(shown()).toBe(10)
    selection.getState().select(undefined)
    await frame()
    expect(shown()).toBeUndefined()
  })

  it('asks again under other options, and drops answers about another image', async () => {
    const { session, selection, asked, frame, answer, shown } = setUp()
    selection.getState().select(7)
    await frame()
    await answer()
    session.setState({ revision: 2 })
    await frame()
    expect(asked).toHaveLength(2)
    session.setState({ run: 2, revision: 1 })
    selection.getState().clear()
    await answer()
    await frame()
    expect(shown()).toBeUndefined()
  })

  it('says why there is no answer', async () => {
    const { selection, asked, frame, store } = setUp()
    selection.getState().select(7)
    await frame()
    asked[0]?.fail(new Error('the table could not be read'))
    await settled()
    expect(store.getState().failure).toBe('the table could not be read')
    await frame()
    expect(asked).toHaveLength(1)
  })
})
