/** Entry of the bundled tool: standard streams in, exit status out. */
import { GatheredOutput } from './gathered-output.ts'
import { runTool } from './tool.ts'

process.stdout.on('error', error => {
  // The reader has gone (`… | head`): nothing is left to be told to it.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0)
  throw error
})

const output = new GatheredOutput(text => process.stdout.write(text))
try {
  process.exitCode = await runTool(process.argv.slice(2), output, {
    write: text => process.stderr.write(text),
  })
} finally {
  output.flush()
}
