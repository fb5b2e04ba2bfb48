import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './command.mjs'
import { lintConfiguration, mayImport, mayImportTypes } from './layers.mjs'

const configuration = readFileSync(join(root, '.oxlintrc.json'), 'utf8')

test('the configuration on disk is the one written from the tables', () => {
  expect(JSON.parse(configuration)).toEqual(lintConfiguration())
})

interface Planted {
  readonly file: string
  readonly code: string
  /** Whether the linter must object. */
  readonly forbidden: boolean
}

const folders = Object.keys(mayImport)
const core = ['lib', 'disk', 'qcow2', 'overlap', 'driver', 'workload', 'simulation', 'scenarios']
const withoutPage = [...core, 'worker', 'cli']

const takesCode = (module: string) => `import { thing } from '${module}'\nexport const used = thing\n`
const takesType = (module: string) => `import type { Thing } from '${module}'\nexport type Used = Thing\n`
const takesInlineType = (module: string) =>
  `import { type Thing } from '${module}'\nexport type Used = Thing\n`
const takesLate = (module: string) => `export const used = () => import('${module}')\n`
const passesOn = (module: string) => `export { thing } from '${module}'\n`

/** Every edge between two folders, of code and of types, from the folder itself and from one below it. */
const edges = folders.flatMap(from =>
  folders
    .filter(to => to !== from)
    .flatMap((to): Planted[] => {
      const code = mayImport[from]?.includes(to) ?? false
      const types = code || (mayImportTypes[from]?.includes(to) ?? false)
      return [
        { file: `${from}/code-of-${to}.ts`, code: takesCode(`../${to}/thing.ts`), forbidden: !code },
        { file: `${from}/passes-on-${to}.ts`, code: passesOn(`../${to}/thing.ts`), forbidden: !code },
        { file: `${from}/late-code-of-${to}.ts`, code: takesLate(`../${to}/thing.ts`), forbidden: !code },
        { file: `${from}/below/code-of-${to}.ts`, code: takesCode(`../../${to}/thing.ts`), forbidden: !code },
        { file: `${from}/types-of-${to}.ts`, code: takesType(`../${to}/thing.ts`), forbidden: !types },
        {
          file: `${from}/inline-types-of-${to}.ts`,
          code: takesInlineType(`../${to}/thing.ts`),
          forbidden: !types,
        },
      ]
    }),
)

const libraries = folders.flatMap(from =>
  ['react', 'react-dom/client', 'd3', 'd3-scale', 'zustand', 'zustand/vanilla', '@base-ui/react/dialog'].map(
    (library): Planted => ({
      file: `${from}/library-${library.replaceAll('/', '-')}.ts`,
      code: takesCode(library),
      forbidden:
        withoutPage.includes(from) || (from === 'render' && /^(react|react-dom|zustand)(\/|$)/.test(library)),
    }),
  ),
)

const nodeModules = folders.map(
  (from): Planted => ({ file: `${from}/node.ts`, code: takesCode('node:fs'), forbidden: from !== 'cli' }),
)

const domGlobals = folders.flatMap(from =>
  ['window', 'document', 'localStorage', 'requestAnimationFrame'].map(
    (name): Planted => ({
      file: `${from}/global-${name}.ts`,
      code: `export const used = ${name}\n`,
      forbidden: core.includes(from),
    }),
  ),
)

const exempt: Planted[] = [
  { file: 'disk/node-thing.ts', code: takesCode('node:fs'), forbidden: false },
  { file: 'lib/thing.test.ts', code: takesCode('../views/thing.ts'), forbidden: false },
  { file: 'overlap/thing.test.ts', code: takesCode('node:fs'), forbidden: false },
  { file: 'testing/thing.ts', code: takesCode('../qcow2/thing.ts'), forbidden: false },
  { file: 'views/own.ts', code: takesCode('./options/thing.ts'), forbidden: false },
  { file: 'views/options/own.ts', code: takesCode('../theme/thing.ts'), forbidden: false },
]

interface Finding {
  readonly filename: string
  readonly code: string
}

/** The linter's objections over these files alone, laid out as the house is, under its configuration. */
function lint(planted: readonly Planted[], folder: string): Finding[] {
  writeFileSync(join(folder, '.oxlintrc.json'), configuration)
  for (const { file, code } of planted) {
    mkdirSync(dirname(join(folder, 'src', file)), { recursive: true })
    writeFileSync(join(folder, 'src', file), code)
  }
  const linter = join(root, 'node_modules/oxlint/bin/oxlint')
  const { stdout } = spawnSync(process.execPath, [linter, '--format=json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return (JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics
}

describe('the linter over planted files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overlapscope-'))
  let objections: ReadonlySet<string>
  beforeAll(() => {
    const planted = [...edges, ...libraries, ...nodeModules, ...domGlobals, ...exempt]
    objections = new Set(
      lint(planted, folder)
        .filter(({ code }) => /no-restricted-(imports|globals)/.test(code))
        .map(({ filename }) => filename.replaceAll('\\', '/').replace(/^.*src\//, '')),
    )
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    ['edges between folders', edges],
    ['libraries of the page', libraries],
    ["Node's modules", nodeModules],
    ['globals of the DOM', domGlobals],
    ['exemptions', exempt],
  ])('%s: every violation is reported, and nothing else', (_, planted) => {
    expect(planted.filter(({ file }) => objections.has(file)).map(({ file }) => file)).toEqual(
      planted.filter(({ forbidden }) => forbidden).map(({ file }) => file),
    )
  })
})
