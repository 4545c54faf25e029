/** Questions to a model: put to it between batches and at rest, and after its run to what is kept of it. */
import type { NdArray } from '../data/types'
import { inferenceGraph } from '../export/index'
import { runGraph } from '../session/runGraph'
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'
import type { TrainedModel } from './trained'

/** What a model can be asked in training and after it. */
export type AskedModel = Pick<TrainedModel, 'predict' | 'weights'>

interface Waiting {
  readonly put: (model: AskedModel) => Promise<void>
  readonly reject: (reason: unknown) => void
}

/** Runs what belongs to no step, and books its time apart. */
type AsInstrument = <T>(run: () => Promise<T>) => Promise<T>

export class ModelQuestions {
  #waiting: Waiting[] = []
  /** What there is to ask after the run; undefined while it goes on, null where it had no model. */
  #kept: AskedModel | null | undefined

  constructor(private readonly asInstrument: AsInstrument) {}

  /** Settles with the answer, at the next opportunity. Rejects where the run has no model. */
  ask<T>(question: (model: AskedModel) => Promise<T>): Promise<T> {
    if (this.#kept !== undefined)
      return this.#kept === null ? Promise.reject(noModel()) : question(this.#kept)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ put: (model) => question(model).then(resolve, reject), reject })
    })
  }

  /** Puts what waits to the model; where there is none yet it goes on waiting. Between batches only. */
  async serve(model: AskedModel | null): Promise<void> {
    if (model === null) return
    for (let [first] = this.#waiting; first; [first] = this.#waiting) {
      const { put } = first
      this.#waiting.shift()
      await this.asInstrument(() => put(model))
    }
  }

  /** The run is over: from now on one asks `kept`; null where it had no model, or goes on elsewhere. */
  async end(kept: AskedModel | null): Promise<void> {
    this.#kept = kept
    if (kept !== null) await this.serve(kept)
    for (const { reject } of this.#waiting.splice(0)) reject(noModel())
  }
}

/**
 * A copy on the host of what a model predicts for single examples of `exampleShape`, and of its weights: it outlives
 * the model. What cannot be traced says so when it is asked.
 */
export async function keepModel(model: TrainedModel, exampleShape: Shape | null): Promise<AskedModel> {
  const weights = await model.weights()
  const predict = exampleShape === null ? predictsNothing : await keepPrediction(model, exampleShape)
  return { weights: () => Promise.resolve(weights), predict }
}

async function keepPrediction(model: TrainedModel, exampleShape: Shape): Promise<AskedModel['predict']> {
  try {
    const { forward } = model
    const weights = model.variables()
    const example = { shape: exampleShape, dtype: 'float32' } as const
    const graph = await inferenceGraph({ name: 'predict', example, forward, weights }, 1)
    return async (x: NdArray) => {
      const [output] = await runGraph(graph, x)
      const values = Float32Array.from(output?.values ?? [])
      return { values, shape: output?.shape ?? [], dtype: 'float32' }
    }
  } catch (error) {
    return () => Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}

const predictsNothing: AskedModel['predict'] = () =>
  Promise.reject(new ArgumentError('predict: expected a run on digits, got another one. Run on digits.'))

const noModel = () =>
  new ArgumentError('model: expected a run that has one, got a run that ended before it had. Run again.')
