/** Entry of the bundled tool: standard streams in, exit status out. */
import { runTool } from './tool.ts'

process.stdout.on('error', error => {
  // The reader has gone (`… | head`): nothing is left to be told to it.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runTool(
  process.argv.slice(2),
  { write: text => process.stdout.write(text) },
  { write: text => process.stderr.write(text) },
)
