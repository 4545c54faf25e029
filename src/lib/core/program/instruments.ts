/** What the page watches besides the log: predictions, gradient norms, weights. Each books its own cost. */
import { at } from '../util/at'
import { withoutCounting, withoutCountingAsync } from '../eager/counters'
import { withMemoryScope } from '../eager/memoryScope'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import type { StepClock } from './stepClock'
import { takeCheckpoint, type Checkpoint, type Progress } from './checkpoint'
import { predictExamples, tooMuchToShow } from './predictExamples'
import { probeInputs, toProbabilities, type ProbeInputs } from './probe'
import type { TrainedModel, TrainedOptimizer } from './trained'
import type { Probe, RunPort } from './types'

const predictionEveryMs = 250
const checkpointEveryMs = 2000
/** Predictions may take at most this share of the time. */
const predictionShare = 0.1

/** What instruments need of a run. */
export interface InstrumentOptions {
  readonly now: () => number
  readonly clock: StepClock
  readonly port: Pick<RunPort, 'prediction' | 'digitSamples' | 'initialWeights' | 'comparedWeights'>
  readonly probe: Probe
  readonly compareWeights: boolean
  readonly keepsCheckpoints: boolean
  /** Tells whoever watches the run, in words. */
  readonly warn: (message: string) => void
}

/** Predictions, gradient norms and weights of one run. */
export class Instruments {
  #inputs: Promise<unknown> | null = null
  #readyInputs: ProbeInputs | null = null
  #nextPredictionMs = 0
  #weightsAtStep = 0
  #predictedStep = -1
  /** The model answers with no more than the page shows. */
  #canShow = true
  #nextCheckpointMs = 0
  #gradientNorm: { step: number; norm: tf.Tensor } | null = null
  #checkpoint: Checkpoint | undefined

  constructor(private readonly options: InstrumentOptions) {}

  /** The last copy of weights and slots, when they are kept. */
  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint
  }

  /** Called between batches. */
  async atBoundary(
    model: TrainedModel,
    optimizer: TrainedOptimizer | null,
    at: Progress & { readonly endedEpoch: number | null; readonly isAfterUpdate: boolean },
  ): Promise<void> {
    const { step, endedEpoch } = at
    const isPowerOfTwo = step > 0 && (step & (step - 1)) === 0
    if (isPowerOfTwo || (endedEpoch !== null && isSampled(endedEpoch))) await this.#postWeights(model, step)
    if (this.options.now() >= this.#nextPredictionMs) await this.#predict(model, step)
    // In the middle of a validation its figures would be lost.
    const isDue = this.options.keepsCheckpoints && this.options.now() >= this.#nextCheckpointMs
    if (isDue && (at.isAfterUpdate || step === 0)) await this.#keepCheckpoint(model, optimizer, at)
  }

  /** Called when the lane comes to rest: everything on screen is brought up to the step. */
  async onPause(model: TrainedModel, step: number): Promise<void> {
    await this.#postWeights(model, step)
    if (step !== this.#predictedStep) await this.#predict(model, step)
  }

  /** Other weights at the same step: what was shown, compared and kept of the earlier ones counts no more. */
  async onReplacedWeights(model: TrainedModel, step: number): Promise<void> {
    this.#predictedStep = -1
    this.#weightsAtStep = -1
    this.#nextCheckpointMs = 0
    await this.onPause(model, step)
  }

  /** The weights before the first batch, for the other lane. */
  async postInitialWeights(model: TrainedModel): Promise<void> {
    this.options.port.initialWeights(await this.#read(() => model.weights()))
  }

  /** Called within an update: computes the Euclidean norm over all gradients when it is due, without reading it. */
  observeGradients(gradients: readonly tf.Tensor[], step: number): void {
    const { clock } = this.options
    if (gradients.length === 0 || !isSampled(step)) return
    this.#gradientNorm?.norm.dispose()
    const norm = clock.instrument(() =>
      withoutCounting(() =>
        tf.keep(tf.tidy(() => tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient))))))),
      ),
    )
    this.#gradientNorm = { step, norm }
  }

  /** The norm computed last, if it has not been read yet. */
  async takeGradientNorm(): Promise<{ step: number; norm: number } | null> {
    if (!this.#gradientNorm) return null
    const { step, norm } = this.#gradientNorm
    this.#gradientNorm = null
    const values = await this.#read(() => readBack(norm))
    norm.dispose()
    return { step, norm: at(values, 0) }
  }

  dispose(): void {
    this.#gradientNorm?.norm.dispose()
    this.#gradientNorm = null
  }

  async #postWeights(model: TrainedModel, step: number): Promise<void> {
    if (!this.options.compareWeights || step === this.#weightsAtStep) return
    this.#weightsAtStep = step
    this.options.port.comparedWeights(step, await this.#read(() => model.weights()))
  }

  async #predict(model: TrainedModel, step: number): Promise<void> {
    const { now, port, probe } = this.options
    if (probe.kind === 'none' || !this.#canShow) return
    const inputs = this.#probeInputs()
    if (!inputs) return
    const start = now()
    const answers = await this.#read(() => predictExamples(inputs.x, (batch) => model.predict(batch)))
    const { outputs } = answers
    const problem = tooMuchToShow(answers)
    if (problem !== null) {
      this.#canShow = false
      this.options.warn(problem)
      return
    }
    const values = toProbabilities(answers.values, outputs, probe.activation)
    port.prediction({ step, values, outputs })
    this.#predictedStep = step
    this.#nextPredictionMs = now() + Math.max(predictionEveryMs, (now() - start) / predictionShare)
  }

  async #keepCheckpoint(
    model: TrainedModel,
    optimizer: TrainedOptimizer | null,
    { step, epoch, batches, trainedMs }: Progress,
  ): Promise<void> {
    const progress = { step, epoch, batches, trainedMs }
    this.#checkpoint = await this.#read(() => takeCheckpoint(progress, model, optimizer))
    this.#nextCheckpointMs = this.options.now() + checkpointEveryMs
  }

  /** The probe's inputs, once they are loaded. */
  #probeInputs(): ProbeInputs | null {
    this.#inputs ??= probeInputs(this.options.probe).then((inputs) => {
      this.#readyInputs = inputs
      if (inputs?.digits) this.options.port.digitSamples(inputs.digits)
    })
    return this.#readyInputs
  }

  #read<T>(run: () => Promise<T>): Promise<T> {
    return betweenBatches(this.options.clock, run)
  }
}

/** Runs an instrument between batches: its time booked apart, its kernels not counted, its tensors freed. */
export function betweenBatches<T>(clock: StepClock, run: () => Promise<T>): Promise<T> {
  return clock.instrumentBetween(() =>
    withoutCountingAsync(() => withMemoryScope('instrument', run, { isPrivate: true })),
  )
}

/** 1, 2, 3 … 99, then every tenth up to 999, every hundredth up to 9999: both lanes choose the same ones. */
export function isSampled(number: number): boolean {
  const digits = Math.floor(Math.log10(Math.max(number, 1))) + 1
  return number % 10 ** Math.max(0, digits - 2) === 0
}
