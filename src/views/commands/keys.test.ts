import { describe, expect, it } from 'vitest'
import type { Command } from './command.ts'
import { commandFor, matches, showKeys } from './keys.ts'

const press = (
  key: string,
  modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
})

const make = (id: string, keys: string[], isOn = true): Command => ({
  id,
  title: id,
  group: 'View',
  keys,
  run: () => undefined,
  enabled: () => isOn,
})

describe('keys', () => {
  it('match what was pressed, and nothing more', () => {
    expect(matches('O', press('o'))).toBe(true)
    expect(matches('O', press('O', { shiftKey: true }))).toBe(false)
    expect(matches('Shift+S', press('S', { shiftKey: true }))).toBe(true)
    expect(matches('Mod+K', press('k', { ctrlKey: true }))).toBe(true)
    expect(matches('Mod+K', press('k', { metaKey: true }))).toBe(true)
    expect(matches('O', press('o', { ctrlKey: true }))).toBe(false)
    expect(matches('O', press('o', { altKey: true }))).toBe(false)
    expect(matches('Alt+ArrowLeft', press('ArrowLeft', { altKey: true }))).toBe(true)
    expect(matches('Alt+ArrowLeft', press('ArrowLeft'))).toBe(false)
    expect(matches('Mod+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(true)
    expect(matches('Mod+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(false)
    expect(matches('Mod+Home', press('Home', { ctrlKey: true }))).toBe(true)
    expect(matches('Home', press('Home', { ctrlKey: true }))).toBe(false)
    expect(matches('ArrowUp', press('ArrowUp', { shiftKey: true }))).toBe(false)
  })

  it('that are symbols are told by the symbol, on whatever keyboard', () => {
    expect(matches('?', press('?', { shiftKey: true }))).toBe(true)
    expect(matches('?', press('?'))).toBe(true)
    expect(matches('+', press('+', { shiftKey: true }))).toBe(true)
    expect(matches('+', press('a'))).toBe(false)
    expect(showKeys('+', false)).toBe('+')
  })

  it('are shown as they are printed on the keyboard', () => {
    expect(showKeys('Mod+Shift+Z', false)).toBe('Ctrl Shift Z')
    expect(showKeys('Mod+K', true)).toBe('⌘ K')
    expect(showKeys('Escape', false)).toBe('Esc')
    expect(showKeys('Shift+ArrowLeft', false)).toBe('Shift ←')
    expect(showKeys('Mod+PageDown', false)).toBe('Ctrl Page down')
  })
})

describe('a command', () => {
  const commands = [
    make('open', ['O']),
    make('palette', ['Mod+K']),
    make('off', ['X'], false),
    make('stop', ['Escape']),
    make('again', ['F3', 'Shift+F3']),
    { ...make('first', ['Home']), where: 'map' },
  ]

  it('is found by its key, if it is enabled', () => {
    expect(commandFor(commands, press('o'), false)?.id).toBe('open')
    expect(commandFor(commands, press('x'), false)).toBeUndefined()
  })

  it('does not steal what is typed into a field', () => {
    expect(commandFor(commands, press('o'), true)).toBeUndefined()
    expect(commandFor(commands, press('k', { ctrlKey: true }), true)?.id).toBe('palette')
    expect(commandFor(commands, press('Escape'), true)?.id).toBe('stop')
  })

  it('works in a field with keys that are no text', () => {
    expect(commandFor(commands, press('F3'), true)?.id).toBe('again')
    expect(commandFor(commands, press('F3', { shiftKey: true }), true)?.id).toBe('again')
  })

  it('of one part of the page works there and nowhere else', () => {
    expect(commandFor(commands, press('Home'), false, 'map')?.id).toBe('first')
    expect(commandFor(commands, press('Home'), false, 'log')).toBeUndefined()
    expect(commandFor(commands, press('Home'), false)).toBeUndefined()
  })
})
