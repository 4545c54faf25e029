/** Steps as compiled graphs: traced once per batch shape, then replayed; several at a time where that is asked for. */
import { at } from '../util/at'
import type { tf } from '../eager/tfjs'
import type { CompiledFunction } from '../session/compiledFunction'
import type { PendingStep } from '../session/pendingStep'
import type { Session } from '../session/session'
import type { PendingNumber } from '../util/pendingNumber'
import type { Logs } from './callbacks'
import type { Figure } from './objective'
import {
  areMeans,
  countOf,
  figuresOf,
  testStep,
  trainStep,
  type Batch,
  type Compiled,
  type StepData,
  type StepResult,
  type StepRunner,
  type TrainableModel,
} from './stepRunner'

/** A compiled step, and what its results are: known from its first trace on. */
export interface CompiledStep {
  readonly compiled: CompiledFunction
  figures: readonly Figure[]
}

/** The compiled functions of a model; they outlive one call of `fit`, so that a second one finds its graphs. */
export interface CompiledSteps {
  readonly train: CompiledStep
  readonly test: CompiledStep
  readonly predict: CompiledFunction
}

/** The steps of a model as compiled functions, traced when first called. */
export function compileSteps(session: Session, stepsPerExecution: number | undefined): CompiledSteps {
  return {
    train: { compiled: session.compile('trainStep', { stepsPerExecution, freezes: true }), figures: [] },
    test: { compiled: session.compile('testStep', { stepsPerExecution, freezes: true }), figures: [] },
    predict: session.compile('predictStep', { freezes: true }),
  }
}

/** Takes steps as compiled graphs. */
export class StaticRunner implements StepRunner {
  #steps: { readonly count: number; readonly step: PendingStep }[] = []
  #figures: readonly Figure[] = []
  /** What the steps that were added up come to. */
  readonly #added = { steps: 0, seen: 0, sums: [] as number[] }

  constructor(
    private readonly model: TrainableModel,
    private readonly compiled: Compiled,
    private readonly functions: CompiledSteps,
  ) {}

  train(batch: Batch): Promise<PendingNumber> {
    const step = this.#call(this.functions.train, batch, (data) => trainStep(this.model, this.compiled, data))
    return Promise.resolve(step.number(0))
  }

  test(batch: Batch): Promise<void> {
    this.#call(this.functions.test, batch, (data) => testStep(this.model, this.compiled, data))
    return Promise.resolve()
  }

  async figuresAfter(batches: number): Promise<Logs> {
    const means = areMeans(this.#figures)
    const added = this.#added
    for (const { count, step } of this.#steps.slice(added.steps, batches)) {
      for (const [index, { values }] of (await step.force()).entries())
        added.sums[index] = (added.sums[index] ?? 0) + at(values, 0) * (means[index] ? count : 1)
      added.seen += count
      added.steps++
    }
    return figuresOf(this.#figures, added.sums, added.seen)
  }

  async takeFigures(): Promise<Logs> {
    if (this.#steps.length === 0) return {}
    const figures = await this.figuresAfter(this.#steps.length)
    this.dispose()
    return figures
  }

  dispose(): void {
    this.#steps = []
    Object.assign(this.#added, { steps: 0, seen: 0, sums: [] })
  }

  #call(step: CompiledStep, batch: Batch, body: (data: StepData) => StepResult): PendingStep {
    const { inputs, labels, weights } = batch
    const pending = step.compiled.call([...inputs, ...labels, ...(weights ? [weights] : [])], (tensors) => {
      const { figures, values } = body(parted(tensors, batch))
      step.figures = figures
      return values
    })
    this.#figures = step.figures
    this.#steps.push({ count: countOf(batch), step: pending })
    return pending
  }
}

/** The tensors of a call, in the order of its arrays. */
function parted(tensors: readonly tf.Tensor[], { inputs, labels, weights }: Batch): StepData {
  const ofLabels = inputs.length + labels.length
  return {
    inputs: tensors.slice(0, inputs.length),
    labels: tensors.slice(inputs.length, ofLabels),
    weights: weights ? (tensors[ofLabels] ?? null) : null,
  }
}
