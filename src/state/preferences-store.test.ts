import { expect, it } from 'vitest'
import { createPreferencesStore } from './preferences-store.ts'

function memory(initial?: string) {
  const kept = new Map<string, string>(initial === undefined ? [] : [['overlapscope.preferences', initial]])
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

it('keeps what was chosen', () => {
  const storage = memory()
  createPreferencesStore(() => storage)
    .getState()
    .setTheme('dark')
  createPreferencesStore(() => storage)
    .getState()
    .setLayer('protection')
  expect(createPreferencesStore(() => storage).getState()).toMatchObject({
    theme: 'dark',
    layer: 'protection',
  })
})

it('keeps which sections are folded away', () => {
  const storage = memory()
  const { setFolded } = createPreferencesStore(() => storage).getState()
  setFolded('bytes', true)
  setFolded('window', true)
  setFolded('bytes', true)
  expect(createPreferencesStore(() => storage).getState().folded).toEqual(['window', 'bytes'])
  setFolded('window', false)
  expect(createPreferencesStore(() => storage).getState().folded).toEqual(['bytes'])
})

it.each(['', 'not JSON', 'null', '7', '{"theme": "mauve", "layer": 3, "folded": 7}'])(
  'survives %j in the storage',
  kept => {
    expect(createPreferencesStore(() => memory(kept)).getState()).toMatchObject({
      theme: 'system',
      layer: 'owner',
      folded: [],
    })
  },
)

it('works where the browser forbids storage', () => {
  const store = createPreferencesStore(() => {
    throw new Error('SecurityError')
  })
  store.getState().setTheme('light')
  expect(store.getState().theme).toBe('light')
})
