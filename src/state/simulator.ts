/** The one worker of this page. It is started by the first request. */
import { SimulatorClient } from './simulator-client.ts'

export const simulator = new SimulatorClient(
  () => new Worker(new URL('../worker/simulator.worker.ts', import.meta.url), { type: 'module' }),
)
