/** Questions to a model: put to it between batches and at rest, and after its run to what is kept of it. */
import type { NdArray } from '../data/types'
import { inferenceGraph } from '../export/index'
import { runGraph } from '../session/runGraph'
import { isInstance } from '../util/describeValue'
import { ArgumentError, TandemError } from '../util/errors'
import type { Shape } from '../util/shapes'
import { explainError } from './laneError'
import type { TrainedModel } from './trained'

/** What a model can be asked in training and after it. */
export type AskedModel = Pick<TrainedModel, 'predict' | 'weights'>

interface Waiting {
  readonly put: (model: AskedModel) => Promise<void>
  readonly reject: (reason: unknown) => void
}

/** Runs what belongs to no step, and books its time apart. */
type AsInstrument = <T>(run: () => Promise<T>) => Promise<T>

/** The questions to the model of one run. */
export class ModelQuestions {
  #waiting: Waiting[] = []
  /** What there is to ask after the run, or why there is nothing; undefined while it goes on. */
  #kept: AskedModel | Error | undefined

  constructor(private readonly asInstrument: AsInstrument) {}

  /** Settles with the answer, at the next opportunity. Rejects with why there is no model to ask. */
  ask<T>(question: (model: AskedModel) => Promise<T>): Promise<T> {
    if (this.#kept !== undefined)
      return this.#kept instanceof Error ? Promise.reject(this.#kept) : question(this.#kept)
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

  /** The run is over: from now on one asks `kept`, or is told why there is nothing to ask. */
  async end(kept: AskedModel | Error): Promise<void> {
    this.#kept = kept
    if (!(kept instanceof Error)) return this.serve(kept)
    for (const { reject } of this.#waiting.splice(0)) reject(kept)
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
    // What a program throws may be of any kind; errors of our own say what is wrong.
    const said = isInstance(error, TandemError) ? error : new Error(explainError(error).message)
    return () => Promise.reject(said)
  }
}

const predictsNothing: AskedModel['predict'] = () =>
  Promise.reject(new ArgumentError('predict: expected a run on digits, got another one. Run on digits.'))

/** Why a run that is over has nothing to ask, by how it ended. */
const withoutModel: Readonly<Record<RunEnd, string>> = {
  finished: 'expected a run with a model, got a program that exports none. Export it as `model`.',
  stopped: 'expected a run with a model, got one that was stopped before it had one. Run again.',
  failed:
    'expected a run with a model, got one that failed before it had one. Correct the program and run again.',
  interrupted: 'expected a run to its end, got one that was interrupted. Ask again when it goes on.',
}

/** How a run ended; one that was interrupted is to go on elsewhere. */
export type RunEnd = 'finished' | 'stopped' | 'failed' | 'interrupted'

/** Why nothing can be asked after a run that ended so. */
export function noModel(end: RunEnd): ArgumentError {
  return new ArgumentError(`model: ${withoutModel[end]}`)
}

/** Why nothing can be asked of a model that could not be copied to the host; `cause` is what was thrown. */
export function notKept(cause: unknown): ArgumentError {
  const { message: reason } = explainError(cause)
  return new ArgumentError(
    `model: expected weights that can be read at the end of the run, got: ${reason} Run again.`,
    { cause },
  )
}
