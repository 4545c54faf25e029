/** The worker that writes files for Python. No program runs in it. */
import { ExportHost } from './exportHost'
import type { ExportCommand } from './exportProtocol'

const host = new ExportHost((message) => {
  self.postMessage(message)
})

self.addEventListener('message', ({ data }: MessageEvent<ExportCommand>) => {
  host.receive(data)
})
