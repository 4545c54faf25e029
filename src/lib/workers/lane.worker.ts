/** A lane's worker: receives commands, runs one program, and tells the page. The page never computes. */
import { LaneHost } from './laneHost'
import type { LaneCommand } from './protocol'
import { sealWorker } from './sandbox'

const postMessage = self.postMessage.bind(self)
const host = new LaneHost((message, transfer = []) => postMessage(message, { transfer }), sealWorker)

function receive({ data, isTrusted }: MessageEvent<LaneCommand>): void {
  // A program can make events of its own.
  if (isTrusted) host.receive(data)
}

// Before the program's own listeners.
self.addEventListener('message', receive, { capture: true })
