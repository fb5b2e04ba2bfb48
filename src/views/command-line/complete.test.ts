import { expect, it } from 'vitest'
import { IMAGE_COMMANDS } from '../../worker/catalogue.ts'
import { commandOf, complete } from './complete.ts'

const of = (line: string) => complete(line, IMAGE_COMMANDS)

it('completes names as far as they agree', () => {
  expect(of('wr')).toEqual({ line: 'write ', candidates: ['write'] })
  expect(of('re')).toEqual({ line: 're', candidates: ['read', 'resize', 'reopen'] })
  expect(of('reo')).toEqual({ line: 'reopen ', candidates: ['reopen'] })
  expect(of('snap-')).toEqual({ line: 'snap-', candidates: ['snap-create', 'snap-delete'] })
})

it('completes options that were not given yet', () => {
  expect(of('write -')!.candidates).toContain('-z')
  expect(of('write -z -')!.candidates).not.toContain('-z')
  expect(of('discard -')).toEqual({ line: 'discard -q ', candidates: ['-q'] })
})

it('leaves alone what it cannot know', () => {
  for (const line of ['', '  ', 'write ', 'write 64', 'nothing -', 'xyz']) expect(of(line)).toBeUndefined()
})

it('finds the command of a line', () => {
  expect(commandOf(' write -z 0', IMAGE_COMMANDS)?.name).toBe('write')
  expect(commandOf('writes', IMAGE_COMMANDS)).toBeUndefined()
})
