/** A lane's worker: receives commands, runs programs, and tells the page. The page never computes. */
import { LaneHost } from './laneHost'
import type { LaneCommand } from './protocol'
import { sealWorker } from './sandbox'

const postMessage = self.postMessage.bind(self)
const allowWorkers = sealWorker()
const host = new LaneHost((message, transfer = []) => postMessage(message, { transfer }), allowWorkers)

self.addEventListener('message', ({ data }: MessageEvent<LaneCommand>) => host.receive(data))
