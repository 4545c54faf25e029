/** Runs ONNX files on onnxruntime-web: no TensorFlow.js, no program, no weights but those in the file. */
import { at, last } from '$lib/core/util/at'
import { setDigitsSource } from '../core/data/digits'
import { probeInputs, toProbabilities } from '../core/program/probe'
import type { Probe } from '../core/program/types'
import { loadOrt, setOrtSource } from '../core/session/loadOrt'
import { downloadQuietly } from './download'
import type { OnnxAnswer, OnnxCommand, OnnxMessage } from './onnxProtocol'

type RunCommand = Extract<OnnxCommand, { type: 'run' }>

/** The worker's side of running ONNX files. */
export class OnnxHost {
  /** Files are run one after another. */
  #queue: Promise<void> = Promise.resolve()

  constructor(private readonly send: (message: OnnxMessage) => void) {}

  receive(command: OnnxCommand): void {
    if (command.type === 'load') {
      setOrtSource({ builds: command.ortBuilds, download: downloadQuietly })
      setDigitsSource(() => downloadQuietly(command.digits))
    } else this.#queue = this.#queue.then(() => this.#run(command))
  }

  async #run({ runId, model, probe }: RunCommand): Promise<void> {
    try {
      const bytes = typeof model === 'string' ? await downloadQuietly(model) : model
      this.send({ type: 'answer', runId, answer: await this.#answer(bytes, probe) })
    } catch (error) {
      this.send({ type: 'failed', runId, message: error instanceof Error ? error.message : String(error) })
    }
  }

  async #answer(bytes: Uint8Array, probe: Probe): Promise<OnnxAnswer> {
    const inputs = await probeInputs(probe)
    if (!inputs || probe.kind === 'none') throw new Error('internal: there is nothing to predict')
    const ort = await loadOrt('wasm', {})
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] })
    try {
      const { values, shape } = inputs.x
      const input =
        values instanceof Int32Array
          ? new ort.Tensor('int32', values, [...shape])
          : new ort.Tensor('float32', values, [...shape])
      const start = performance.now()
      const { output } = await session.run({ input })
      const runMs = performance.now() - start
      if (!output)
        throw new Error('onnx: expected an output named output, got none. Choose a model.onnx of Tandem.')
      const outputs = last(output.dims)
      const probabilities = toProbabilities(
        Float32Array.from(output.data as Float32Array),
        outputs,
        probe.activation,
      )
      const prediction = { step: 0, values: probabilities, outputs }
      return { prediction, samples: inputs.digits, examples: at(shape, 0), runMs }
    } finally {
      await session.release()
    }
  }
}
