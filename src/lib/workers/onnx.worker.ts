/** The worker that runs ONNX files; sealed like a lane's. */
import { OnnxHost } from './onnxHost'
import type { OnnxCommand } from './onnxProtocol'
import { sealWorker } from './sandbox'

const postMessage = self.postMessage.bind(self)
const host = new OnnxHost((message) => postMessage(message))

self.addEventListener('message', ({ data }: MessageEvent<OnnxCommand>) => host.receive(data))
sealWorker(false)
