/**
 * The worker's pictures of the map in a worker of this browser, against filling as many pixels and putting them on a
 * canvas: `npm run bench -- page`. It says figures, and holds nobody to them.
 */
import { build } from 'vite'
import { test } from './support/test.ts'

test('pictures of the map, against filling and putting', async ({ app, page }) => {
  test.setTimeout(600_000)
  const code = await bundled('src/testing/picture-bench-worker.ts')
  await app.open()
  await page.exposeFunction('tell', (text: string) => console.log(text))
  await page.evaluate(async text => {
    const { tell } = window as unknown as { tell: (text: string) => Promise<void> }
    const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })), {
      type: 'module',
    })
    await new Promise<void>((resolve, reject) => {
      worker.onerror = event => reject(new Error(event.message))
      worker.onmessage = async ({ data }) => {
        await tell(data)
        if (data === '') resolve()
      }
    })
    worker.terminate()
  }, code)
})

/** One module of all that an entry imports. */
async function bundled(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      minify: false,
      lib: { entry, formats: ['es'] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const [output] = [built].flat()
  if (!output || !('output' in output)) throw new Error('nothing was built')
  const [chunk] = output.output
  return chunk.code
}
