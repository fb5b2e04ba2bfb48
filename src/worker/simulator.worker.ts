/** The worker's entry: messages in, messages out. */
import type { Request } from './protocol.ts'
import { Simulator } from './simulator.ts'

const simulator = new Simulator((reply, transfer = []) => self.postMessage(reply, { transfer }))

self.onmessage = ({ data }: MessageEvent<Request>) => void simulator.handle(data)
