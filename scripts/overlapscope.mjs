/**
 * `npm run -s overlapscope -- …`: the headless tool (src/cli/main.ts), bundled when a source has changed.
 * Standard output carries the tool's own words and nothing else. The tool finds its arguments where
 * every Node program does, from process.argv[2] on.
 */
import { bundle } from './bundle.mjs'
import { installPackages } from './install.mjs'
import { requireNode } from './node-version.mjs'

requireNode()
await installPackages()
const tool = await bundle('overlapscope', 'src/cli/main.ts')
process.setSourceMapsEnabled(true)
await import(tool)
