/** Steps as compiled graphs: traced once per batch shape, then replayed; several at a time where that is asked for. */
import type { Split } from '../data/types'
import type { tf } from '../eager/tfjs'
import type { CompiledFunction } from '../session/compiledFunction'
import type { PendingStep } from '../session/pendingStep'
import type { Session } from '../session/session'
import type { PendingNumber } from '../util/pendingNumber'
import type { Logs } from './callbacks'
import {
  testStep,
  trainStep,
  type Compiled,
  type StepFigures,
  type StepRunner,
  type TrainableModel,
} from './stepRunner'

type Step = (x: tf.Tensor, labels: tf.Tensor) => StepFigures

/** The compiled functions of a model; they outlive one call of `fit`, so that a second one finds its graphs. */
export interface CompiledSteps {
  readonly train: CompiledFunction
  readonly test: CompiledFunction
  readonly predict: CompiledFunction
}

export function compileSteps(session: Session, stepsPerExecution: number | undefined): CompiledSteps {
  return {
    train: session.compile('trainStep', { stepsPerExecution }),
    test: session.compile('testStep', { stepsPerExecution }),
    predict: session.compile('predictStep'),
  }
}

export class StaticRunner implements StepRunner {
  #steps: { readonly count: number; readonly step: PendingStep }[] = []

  constructor(
    private readonly model: TrainableModel,
    private readonly compiled: Compiled,
    private readonly functions: CompiledSteps,
  ) {}

  train(batch: Split): Promise<PendingNumber> {
    const step = this.#call(this.functions.train, batch, (x, y) => trainStep(this.model, this.compiled, x, y))
    return Promise.resolve(step.number(0))
  }

  test(batch: Split): Promise<void> {
    this.#call(this.functions.test, batch, (x, y) => testStep(this.model, this.compiled, x, y))
    return Promise.resolve()
  }

  async takeMeans(): Promise<Logs> {
    const steps = this.#steps
    this.#steps = []
    if (steps.length === 0) return {}
    const sums: Record<string, number> = {}
    const add = (name: string, value: number) => (sums[name] = (sums[name] ?? 0) + value)
    for (const { count, step } of steps) {
      const [loss, ...metrics] = (await step.force()).map(({ values }) => values[0] ?? NaN)
      add('loss', (loss ?? NaN) * count)
      for (const [index, { name }] of this.compiled.metrics.entries()) add(name, metrics[index] ?? NaN)
    }
    const seen = steps.reduce((sum, { count }) => sum + count, 0)
    return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / seen]))
  }

  dispose(): void {
    this.#steps = []
  }

  #call(compiled: CompiledFunction, { x, y }: Split, step: Step): PendingStep {
    const pending = compiled.call([x, y], ([input, labels]) => step(input as tf.Tensor, labels as tf.Tensor))
    this.#steps.push({ count: x.shape[0] ?? 0, step: pending })
    return pending
  }
}
