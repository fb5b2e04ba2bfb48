/**
 * The house's storeys: which folder of src may import from which others. The linter's configuration
 * (.oxlintrc.json) is written from these tables: `node scripts/layers.mjs --write`. A test checks that
 * the two agree, and that the linter notices a planted violation of every kind.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const core = ['lib', 'disk', 'qcow2', 'overlap', 'driver', 'workload', 'simulation', 'scenarios']

/**
 * Folder -> folders whose code it may import. Every folder may import itself.
 * @type {Record<string, string[]>}
 */
export const mayImport = {
  lib: [],
  disk: ['lib'],
  qcow2: ['lib', 'disk'],
  overlap: ['lib'],
  driver: ['lib', 'disk', 'qcow2', 'overlap'],
  workload: ['lib', 'disk', 'qcow2', 'overlap', 'driver'],
  simulation: ['lib', 'disk', 'qcow2', 'overlap', 'driver', 'workload'],
  scenarios: ['lib', 'disk', 'qcow2', 'overlap', 'driver', 'workload', 'simulation'],
  worker: core.concat('render'),
  cli: core,
  render: ['lib'],
  state: ['lib', 'worker'],
  views: ['lib', 'worker', 'state', 'render'],
}

/**
 * Folder -> folders from which it may import types, and nothing that runs.
 * @type {Record<string, string[]>}
 */
export const mayImportTypes = {
  render: core.concat('worker'),
  state: core,
  views: core,
}

/** What only the page may use, and what only Node has. */
const pageLibraries = '^(react|react-dom|d3|d3-[a-z]+|zustand|@base-ui/react|@tanstack/react-virtual)(/|$)'
const nodeModules = '^node:'

const folders = Object.keys(mayImport)
const names = (/** @type {string[]} */ list) => list.join('|')

/** @param {string} folder */
function restrictionsOf(folder) {
  const code = mayImport[folder] ?? []
  const types = (mayImportTypes[folder] ?? []).filter(f => !code.includes(f) && f !== folder)
  const forbidden = folders.filter(f => f !== folder && !code.includes(f) && !types.includes(f))
  /** @type {{ regex: string, message: string, allowTypeImports?: boolean }[]} */
  const patterns = []
  if (forbidden.length)
    patterns.push({
      regex: `^(\\.\\./)+(${names(forbidden)})/`,
      message: `src/${folder} may not import from this folder (scripts/layers.mjs).`,
    })
  if (types.length)
    patterns.push({
      regex: `^(\\.\\./)+(${names(types)})/`,
      allowTypeImports: true,
      message: `src/${folder} may import types from this folder, and no code (scripts/layers.mjs).`,
    })
  if (core.includes(folder) || folder === 'worker' || folder === 'cli')
    patterns.push({
      regex: pageLibraries,
      message: `src/${folder} runs without a page: no React, d3 or zustand.`,
    })
  if (folder === 'render')
    patterns.push({ regex: '^(react|react-dom|zustand)(/|$)', message: 'src/render draws without React.' })
  if (folder !== 'cli') patterns.push({ regex: nodeModules, message: 'Only src/cli and tests may use Node.' })
  return patterns
}

/** Globals of the DOM that the core must not reach for. */
const domGlobals = [
  'window',
  'document',
  'navigator',
  'localStorage',
  'self',
  'postMessage',
  'requestAnimationFrame',
]

/** @returns the whole linter configuration, as an object */
export function lintConfiguration() {
  return {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['typescript', 'import', 'react', 'unicorn', 'oxc', 'vitest', 'jsx-a11y'],
    categories: { correctness: 'error', suspicious: 'error' },
    ignorePatterns: ['dist', 'dist-cli', 'coverage', 'node_modules', 'src/testing/golden'],
    rules: {
      'import/no-cycle': 'error',
      'import/no-default-export': 'error',
      'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
      'react/react-in-jsx-scope': 'off',
      'typescript/consistent-type-imports': 'error',
      'typescript/no-explicit-any': 'error',
      // Trees, sliders and listboxes of our own follow ARIA's patterns; no tag does what they do.
      'jsx-a11y/prefer-tag-over-role': 'off',
      // Speaks of the React Compiler, which is not used.
      'react/incompatible-library': 'off',
      // fast-check's own documentation says `fc.record`, `fc.assert`.
      'import/no-named-as-default-member': 'off',
      // A helper may hold the expectations that several tests share.
      'vitest/no-standalone-expect': 'off',
      'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert'] }],
      'no-await-in-loop': 'off',
      'no-bitwise': 'off',
      'unicorn/no-array-sort': 'off',
      'unicorn/prefer-add-event-listener': 'off',
      'unicorn/require-post-message-target-origin': 'off',
    },
    overrides: [
      ...folders.map(folder => ({
        files: [`src/${folder}/**/*.{ts,tsx}`],
        rules: {
          'no-restricted-imports': ['error', { patterns: restrictionsOf(folder) }],
          ...(core.includes(folder) ? { 'no-restricted-globals': ['error', ...domGlobals] } : {}),
        },
      })),
      {
        // Node's own file access is the disk's business, but only the headless tool loads it.
        files: ['src/disk/node-*.ts'],
        rules: { 'no-restricted-imports': 'off' },
      },
      {
        files: ['**/*.test.{ts,tsx}', 'src/testing/**', 'e2e/**', 'scripts/**'],
        rules: { 'no-restricted-imports': 'off', 'no-restricted-globals': 'off' },
      },
      {
        // Playwright reads a fixture's needs from its parameter, and wants `{}` where there are none.
        files: ['e2e/support/**'],
        rules: { 'no-empty-pattern': 'off' },
      },
      { files: ['*.config.ts', 'scripts/*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    ],
  }
}

if (process.argv.includes('--write')) {
  const file = fileURLToPath(new URL('../.oxlintrc.json', import.meta.url))
  writeFileSync(file, `${JSON.stringify(lintConfiguration(), null, 2)}\n`)
}
