/** How the loops of `fit` and `evaluate` take their steps: kernel by kernel, or as compiled graphs. */
import type { Split } from '../data/types'
import { inPhase } from '../eager/origin'
import { withTape } from '../eager/tape'
import type { tf } from '../eager/tfjs'
import type { PendingNumber } from '../util/pendingNumber'
import type { Logs } from './callbacks'
import type { Loss } from './losses'
import type { Metric } from './metrics'
import type { ModelOutput } from './modelOutput'
import type { NamedVariable } from './modelWeights'
import type { Optimizer } from './optimizers'

/** What `compile` settled. */
export interface Compiled {
  readonly optimizer: Optimizer
  readonly loss: Loss
  readonly metrics: readonly Metric[]
}

/** What the steps need of a model. */
export interface TrainableModel {
  /** [batch, …inputShape] to outputs; belongs to the caller's scope. */
  forward(x: tf.Tensor, training: boolean): ModelOutput
  readonly trainableVariables: readonly NamedVariable[]
  readonly stopTraining: boolean
}

/** Takes steps and adds their figures up. */
export interface StepRunner {
  /** One update on a batch; gives its mean loss before the update. Metrics before it are added up. */
  train(batch: Split): Promise<number | PendingNumber>
  /** Adds up loss and metrics of a batch, without dropout and without an update. */
  test(batch: Split): Promise<void>
  /** Means over the examples of everything since the last call; loss first, empty where there was nothing. */
  takeMeans(): Promise<Logs>
  dispose(): void
}

/** Loss, then the sum over the examples for each metric; scalars of the caller's scope. */
export type StepFigures = readonly [loss: tf.Tensor, ...metricSums: tf.Tensor[]]

/** The training step that both executions share: forward, loss, gradients, update, metrics. */
export function trainStep(
  model: TrainableModel,
  compiled: Compiled,
  x: tf.Tensor,
  labels: tf.Tensor,
): StepFigures {
  const { optimizer, loss, metrics } = compiled
  const variables = model.trainableVariables.map(({ variable }) => variable)
  const outputs: ModelOutput[] = []
  const { value, gradients } = withTape(() => {
    const output = model.forward(x, true)
    outputs.push(output)
    return loss.compute(labels, output)
  }, variables)
  const sums = outputs.flatMap((output) => metricSums(metrics, labels, output))
  optimizer.apply(gradients, variables)
  return [value, ...sums]
}

/** Loss and metrics of a batch in evaluation mode. */
export function testStep(
  model: TrainableModel,
  { loss, metrics }: Omit<Compiled, 'optimizer'>,
  x: tf.Tensor,
  labels: tf.Tensor,
): StepFigures {
  const output = model.forward(x, false)
  return [loss.compute(labels, output), ...metricSums(metrics, labels, output)]
}

function metricSums(metrics: readonly Metric[], labels: tf.Tensor, output: ModelOutput): tf.Tensor[] {
  return inPhase('loss', () => metrics.map((metric) => metric.sum(labels, output)))
}
