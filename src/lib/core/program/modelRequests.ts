/** What is asked of a run's model from outside: what it reads in a drawing, its weights, and to take those of a file. */
import { withoutCountingAsync } from '../eager/counters'
import { ArgumentError } from '../util/errors'
import { classify, digitShape } from './classify'
import { betweenBatches, type Instruments } from './instruments'
import type { ProgramExports } from './programExports'
import { keepModel, ModelQuestions, noModel, notKept, type AskedModel } from './questions'
import type { RunRecord } from './runRecord'
import type { StepClock } from './stepClock'
import type { StepCount } from './stepCount'
import type { Classification, Probe, TakenWeights } from './types'
import { checkFile, WeightLoads, type GivenFile, type LoadedWeights } from './weightLoads'

/** Whose model is asked. */
interface RequestOptions {
  readonly exports: ProgramExports
  readonly probe: Probe
  readonly steps: StepCount
  readonly clock: StepClock
  readonly record: RunRecord
  readonly instruments: Instruments
}

/** Requests to the model of one run: served between its batches and, if they change nothing, after its end. */
export class ModelRequests {
  readonly #questions: ModelQuestions
  readonly #weightLoads = new WeightLoads()

  constructor(
    private readonly options: RequestOptions,
    /** Lets a run that rests serve what it was asked for. */
    private readonly call: () => void,
  ) {
    this.#questions = new ModelQuestions((run) => betweenBatches(options.clock, run))
  }

  /** Settles with what the model reads in 28 × 28 `pixels`. */
  classify(pixels: Float32Array): Promise<Classification> {
    const { probe } = this.options
    if (probe.kind !== 'digits') {
      return Promise.reject(
        new ArgumentError('classify: expected a run on digits, got one on other data. Run on digits.'),
      )
    }
    return this.#ask((model) => classify(model, pixels, probe))
  }

  /** Settles with a copy of the weights. */
  takeWeights(): Promise<TakenWeights> {
    return this.#ask(async (model) => ({ weights: await model.weights() }))
  }

  /** Settles when the model has the weights of a safetensors file. Rejects with what is wrong with it. */
  loadWeights(file: GivenFile): Promise<LoadedWeights> {
    if (this.#weightLoads.isOver) return this.#ask((model) => checkFile(file, model))
    const loaded = this.#weightLoads.ask(file)
    this.call()
    return loaded
  }

  /** Puts weights of files into the model; what is on screen follows where the lane rests. Between batches only. */
  async loadGiven(when: 'initially' | 'later'): Promise<void> {
    const { exports, clock, instruments, record, steps } = this.options
    const { model } = exports
    if (model === null || !this.#weightLoads.areWaiting) return
    const said = await betweenBatches(clock, () => this.#weightLoads.serve(model, { step: steps.step, when }))
    for (const text of said) {
      record.note('weights', text)
      record.say(text)
    }
    if (said.length === 0) return
    await instruments.onReplacedWeights(model, steps.step)
    record.report()
  }

  /** Puts the questions that wait to the model. Between batches only. */
  answer(): Promise<void> {
    return this.#questions.serve(this.options.exports.model)
  }

  /** The run is over, for good or to go on elsewhere: of one that is over for good one can still ask what its model does. */
  async end(isInterrupted: boolean): Promise<void> {
    this.#weightLoads.end()
    try {
      await this.#questions.end(isInterrupted ? noModel('interrupted') : await this.#keptModel())
    } catch (error) {
      // The run is still to be cleaned up.
      await this.#questions.end(notKept(error))
    }
  }

  /** The answer, with the step at which it was given. */
  #ask<T>(question: (model: AskedModel) => Promise<T>): Promise<T & { readonly step: number }> {
    const { steps } = this.options
    const answer = this.#questions.ask(async (model) => ({ ...(await question(model)), step: steps.step }))
    this.call()
    return answer
  }

  /** Rather why there is none, than nothing: it is what the page tells. */
  async #keptModel(): Promise<AskedModel | Error> {
    const { exports, probe, record } = this.options
    const { model } = exports
    const { status } = record
    if (model === null) return noModel(status === 'finished' || status === 'stopped' ? status : 'failed')
    const exampleShape = probe.kind === 'digits' ? digitShape(probe) : null
    return withoutCountingAsync(() => keepModel(model, exampleShape)).catch(notKept)
  }
}
