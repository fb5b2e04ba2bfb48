import { test } from 'vitest'
import { DEFAULT_OPTIONS } from './run-options.ts'
import { Session } from './session.ts'
import { parseRecipe } from '../workload/parse-recipe.ts'
import { parseScript } from '../workload/commands/parse-script.ts'
import { syntheticSource } from '../workload/synthetic-image.ts'
const CLOCK = { seconds: 1429331400n, microseconds: 0 }
async function go(name: string, change: object, options: object, script: string) {
  const source = syntheticSource(parseRecipe({ format: 'overlapscope-recipe', recipeVersion: 1, virtualSize: '64M', clusterSize: '64k', version: 3, refcountBits: 16, fill: { pattern: 'empty' }, snapshots: [], preallocation: 'off', seed: 0, ...change }))
  const session = await Session.open(source, CLOCK, { source: () => source })
  const o = session.runUnder({ ...DEFAULT_OPTIONS, ...options })
  console.log('=====', name, o.outcome, 'events', o.events, o.coverage, session.owners.runs.count, session.image.fileClusters)
  const r = await session.runCommands(parseScript(script), { onEntry: e => console.log(JSON.stringify(e)) })
  for (const g of session.logGroups(0, 20)) console.log(g.count, g.kind, g.json, '\n   ', g.why, g.range, g.command)
  console.log(r.coverage, r.missedOverlaps, r.live, r.steps, session.owners.corruptions, session.owners.leaks, session.image.header.incompatibleFeatures)
}
test('x', async () => {
  const fr = 'write 0 64k\nreopen\npoke 0x20008 0000\nreopen\nwrite 64k 64k\nwrite 0 64k\ncheck -r all\nwrite 64k 64k'
  await go('freed', {}, {}, fr)
  await go('freed none', {}, { checkedTypes: 0 }, fr)
  await go('freed 256', {}, { totalSizeLimit: 256n }, fr)
  const fill = { virtualSize: '64M', clusterSize: 512, fill: { pattern: 'every-nth', n: 64 } }
  await go('4220', fill, { bitmapSize: 4096n, totalSizeLimit: 4220n }, 'poke 0x446 0000\nreopen\nwrite 512 512\nread 0 512')
}, 60000)
