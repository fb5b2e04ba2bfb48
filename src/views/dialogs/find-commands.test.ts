import { expect, it } from 'vitest'
import type { Command } from '../commands/command.ts'
import { findCommands } from './find-commands.ts'

const command = (title: string, isOn = true): Command => ({
  id: title,
  title,
  group: 'View',
  run: () => undefined,
  enabled: () => isOn,
})
const commands = [
  command('Next unguarded cluster'),
  command('Undo a change', false),
  command('Unfold a row'),
  command('Zoom in'),
]

const titles = (text: string) => findCommands(commands, text).map(({ title }) => title)

it('finds every word in any order, what can be run first', () => {
  expect(titles('un')).toEqual(['Unfold a row', 'Next unguarded cluster', 'Undo a change'])
  expect(titles(' CLUSTER next ')).toEqual(['Next unguarded cluster'])
  expect(titles('')).toHaveLength(4)
  expect(titles('teleport')).toEqual([])
})
