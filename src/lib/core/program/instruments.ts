/** What the page watches besides the log: predictions, gradient norms, weights. Each books its own cost. */
import { withoutCounting } from '../eager/counters'
import { tf } from '../eager/tfjs'
import type { StepClock } from './stepClock'
import { takeCheckpoint, type Checkpoint } from './checkpoint'
import { probeInputs, toProbabilities, type ProbeInputs } from './probe'
import type { TrainedModel, TrainedOptimizer } from './trained'
import type { Probe, RunPort } from './types'

const gradientNormEveryMs = 50
const predictionEveryMs = 250
const checkpointEveryMs = 2000
/** Predictions may take at most this share of the time. */
const predictionShare = 0.1

export interface InstrumentOptions {
  readonly now: () => number
  readonly clock: StepClock
  readonly port: Pick<RunPort, 'prediction' | 'digitSamples' | 'weights'>
  readonly probe: Probe
  readonly compareWeights: boolean
  readonly keepsCheckpoints: boolean
}

export class Instruments {
  #inputs: Promise<unknown> | null = null
  #readyInputs: ProbeInputs | null = null
  #nextPredictionMs = 0
  #nextGradientNormMs = 0
  #weightsAtStep = 0
  #predictedStep = -1
  #nextCheckpointMs = 0
  #checkpoint: Checkpoint | undefined

  constructor(private readonly options: InstrumentOptions) {}

  /** Called between batches. */
  atBoundary(
    model: TrainedModel,
    optimizer: TrainedOptimizer | null,
    { step, isEpochOver }: { step: number; isEpochOver: boolean },
  ): void {
    const isPowerOfTwo = step > 0 && (step & (step - 1)) === 0
    if (isPowerOfTwo || isEpochOver) this.#postWeights(model, step)
    if (this.options.now() >= this.#nextPredictionMs) this.#predict(model, step)
    if (this.options.keepsCheckpoints && this.options.now() >= this.#nextCheckpointMs) {
      this.#keepCheckpoint(model, optimizer, step)
    }
  }

  /** The last copy of weights and slots, when they are kept. */
  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint
  }

  /** Called when the lane comes to rest: everything on screen is brought up to the step. */
  onPause(model: TrainedModel, step: number): void {
    this.#postWeights(model, step)
    if (step !== this.#predictedStep) this.#predict(model, step)
  }

  /** Euclidean norm over all gradients, or null when it is not due. */
  gradientNorm(gradients: readonly tf.Tensor[], step: number): number | null {
    const { now, clock } = this.options
    if (gradients.length === 0 || (step !== 1 && now() < this.#nextGradientNormMs)) return null
    return clock.instrument(() => {
      const squared = this.#uncounted(() =>
        gradients.map((gradient) => tf.sum(tf.square(gradient)).dataSync()[0] ?? NaN),
      )
      this.#nextGradientNormMs = now() + gradientNormEveryMs
      return Math.sqrt(squared.reduce((sum, value) => sum + value, 0))
    })
  }

  #postWeights(model: TrainedModel, step: number): void {
    if (!this.options.compareWeights || step === this.#weightsAtStep) return
    this.#weightsAtStep = step
    const weights = this.options.clock.instrument(() => this.#uncounted(() => model.weights()))
    this.options.port.weights(step, weights)
  }

  #predict(model: TrainedModel, step: number): void {
    const { now, clock, port, probe } = this.options
    if (probe.kind === 'none') return
    const inputs = this.#probeInputs()
    if (!inputs) return
    const start = now()
    const output = clock.instrument(() => this.#uncounted(() => model.predict(inputs.x)))
    const outputs = output.shape.at(-1) ?? 1
    const values = toProbabilities(Float32Array.from(output.values), outputs, probe.activation)
    port.prediction({ step, values, outputs })
    this.#predictedStep = step
    this.#nextPredictionMs = now() + Math.max(predictionEveryMs, (now() - start) / predictionShare)
  }

  #keepCheckpoint(model: TrainedModel, optimizer: TrainedOptimizer | null, step: number): void {
    const { now, clock } = this.options
    this.#checkpoint = clock.instrument(() => this.#uncounted(() => takeCheckpoint(step, model, optimizer)))
    this.#nextCheckpointMs = now() + checkpointEveryMs
  }

  /** The probe's inputs, once they are loaded. */
  #probeInputs(): ProbeInputs | null {
    this.#inputs ??= probeInputs(this.options.probe).then((inputs) => {
      this.#readyInputs = inputs
      if (inputs?.digits) this.options.port.digitSamples(inputs.digits)
      return inputs
    })
    return this.#readyInputs
  }

  #uncounted<T>(run: () => T): T {
    return withoutCounting(() => {
      const engine = tf.engine()
      engine.startScope('instrument')
      try {
        return run()
      } finally {
        engine.endScope()
      }
    })
  }
}
