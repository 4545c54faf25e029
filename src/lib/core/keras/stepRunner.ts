/** How the loops of `fit` and `evaluate` take their steps: kernel by kernel, or as compiled graphs. */
import type { NdArray } from '../data/types'
import { inPhase } from '../eager/origin'
import { withTape } from '../eager/tape'
import { tf } from '../eager/tfjs'
import { ArgumentError } from '../util/errors'
import type { PendingNumber } from '../util/pendingNumber'
import type { Logs } from './callbacks'
import type { ModelOutput } from './modelOutput'
import type { NamedVariable } from './modelWeights'
import { meanFigure, type Figure, type Objective } from './objective'
import type { Optimizer } from './optimizers'
import { toTensorOf, type TensorLike } from './tensorLike'

/** What `compile` settled. */
export interface Compiled {
  readonly optimizer: Optimizer
  readonly objective: Objective
}

/** A batch on the host: an array for each input and each output, and a weight for each example where there are any. */
export interface Batch {
  readonly inputs: readonly NdArray[]
  readonly labels: readonly NdArray[]
  readonly weights: NdArray | null
}

/** The same as tensors. */
export interface StepData {
  readonly inputs: readonly tf.Tensor[]
  readonly labels: readonly tf.Tensor[]
  readonly weights: tf.Tensor | null
}

/** What `trainStep` and `testStep` are called with: x, y, and weights of the examples where there are any; lists for several. */
export type StepArguments = readonly [x: TensorOrList, y: TensorOrList, sampleWeight?: tf.Tensor]

/** One tensor, or one for each input or output. */
export type TensorOrList = tf.Tensor | readonly tf.Tensor[]

/** Figures of a step, scalars by name. */
export type StepLogs = Readonly<Record<string, tf.Tensor>>

/** A step that a program wrote. */
export type OwnStep = (data: StepArguments) => StepLogs

/** What the steps need of a model. */
export interface TrainableModel {
  /** [batch, …] of each input to outputs; belongs to the caller's scope. */
  run(inputs: readonly tf.Tensor[], training: boolean): ModelOutput[]
  readonly trainableVariables: readonly NamedVariable[]
  /** What regularizers add to the loss, a scalar; null where there are none. */
  penalty(): tf.Tensor | null
  /** The program's own steps; null for the usual ones. */
  readonly ownSteps: { readonly train: OwnStep | null; readonly test: OwnStep | null }
}

/** Takes steps and adds their figures up. */
export interface StepRunner {
  /** One update on a batch; gives its loss before the update. Other figures are added up. */
  train(batch: Batch): Promise<number | PendingNumber>
  /** Adds up loss and metrics of a batch, without dropout and without an update. */
  test(batch: Batch): Promise<void>
  /** Figures of the first batches since the last `takeFigures`; all of them have run. */
  figuresAfter(batches: number): Promise<Logs>
  /** Figures of everything since the last call; loss first, empty where there was nothing. */
  takeFigures(): Promise<Logs>
  dispose(): void
}

/** What a step gives: figures, and their scalars in order. The first is the loss. */
export interface StepResult {
  readonly figures: readonly Figure[]
  readonly values: readonly tf.Tensor[]
}

/** The training step that both executions share: the program's own, or forward, loss, gradients, update, metrics. */
export function trainStep(model: TrainableModel, compiled: Compiled, data: StepData): StepResult {
  const own = model.ownSteps.train
  return own ? ownStep('trainStep', own, data) : usualTrainStep(model, compiled, data)
}

/** Loss and metrics of a batch in evaluation mode. */
export function testStep(model: TrainableModel, compiled: Compiled, data: StepData): StepResult {
  const own = model.ownSteps.test
  return own ? ownStep('testStep', own, data) : usualTestStep(model, compiled, data)
}

/** Loss and gradients of a batch, an update, and what metrics need. */
export function usualTrainStep(
  model: TrainableModel,
  { optimizer, objective }: Compiled,
  { inputs, labels, weights }: StepData,
): StepResult {
  const variables = model.trainableVariables.map(({ variable }) => variable)
  const found: { outputs: ModelOutput[]; losses: tf.Tensor[] } = { outputs: [], losses: [] }
  const { value, gradients } = withTape(() => {
    found.outputs = model.run(inputs, true)
    const { total, losses } = objective.losing(labels, found.outputs, weights)
    found.losses = losses
    return withPenalty(model, total)
  }, variables)
  const values = [
    value,
    ...losesOf(objective, found.losses),
    ...objective.metricSums(labels, found.outputs, weights),
  ]
  optimizer.apply(gradients, variables)
  return { figures: objective.figures, values }
}

/** Loss of a batch, and what metrics need. */
export function usualTestStep(
  model: TrainableModel,
  { objective }: Compiled,
  { inputs, labels, weights }: StepData,
): StepResult {
  const outputs = model.run(inputs, false)
  const { total, losses } = objective.losing(labels, outputs, weights)
  const values = [
    withPenalty(model, total),
    ...losesOf(objective, losses),
    ...objective.metricSums(labels, outputs, weights),
  ]
  return { figures: objective.figures, values }
}

/** The loss with what regularizers add to it. */
export function withPenalty(model: Pick<TrainableModel, 'penalty'>, loss: tf.Tensor): tf.Tensor {
  return inPhase('loss', () => {
    const penalty = model.penalty()
    return penalty ? tf.add(loss, penalty) : loss
  })
}

/** The result of a usual step as Keras gives it to a program that overrides the step: means by name. */
export function asLogs({ figures, values }: StepResult, count: number): StepLogs {
  const logs: Record<string, tf.Tensor> = {}
  let at = 0
  for (const { name, width, isMean } of figures) {
    const value = values[at]
    // A figure of several sums, such as a precision, is no number before the epoch ends.
    if (value && width === 1) logs[name] = isMean ? value : tf.div(value, count)
    at += width
  }
  return logs
}

function losesOf(objective: Objective, losses: readonly tf.Tensor[]): readonly tf.Tensor[] {
  return objective.hasSeveralLosses ? losses : []
}

function ownStep(where: string, step: OwnStep, { inputs, labels, weights }: StepData): StepResult {
  const one = (tensors: readonly tf.Tensor[]): TensorOrList =>
    tensors.length === 1 && tensors[0] ? tensors[0] : tensors
  const logs = step(weights ? [one(inputs), one(labels), weights] : [one(inputs), one(labels)]) as
    StepLogs | undefined
  const { loss, ...others } = logs ?? {}
  const entries = Object.entries({ loss, ...others })
  const wrong = entries.find(([, value]) => !(value instanceof tf.Tensor) || value.size !== 1)
  if (wrong) {
    throw new ArgumentError(
      `${where}: expected figures that are scalar tensors, with a loss among them, got ${wrong[0]}: ${String(wrong[1])}. ` +
        'Return { loss } from the step.',
    )
  }
  return {
    figures: entries.map(([name]) => meanFigure(name)),
    values: entries.map(([, value]) => tf.reshape(value as tf.Tensor, [])),
  }
}

/** The tensors in a list. */
export function listOf(tensors: TensorOrList): readonly tf.Tensor[] {
  return tensors instanceof tf.Tensor ? [tensors] : tensors
}

/** What a step is called with, by name. */
export function stepData([x, y, weights]: StepArguments): StepData {
  return { inputs: listOf(x), labels: listOf(y), weights: weights ?? null }
}

/** Number of examples that a step is called with. */
export function countIn([x]: StepArguments): number {
  return listOf(x)[0]?.shape[0] ?? 0
}

/** Tensors as they are; arrays and numbers as one tensor. */
export function inputTensors(x: TensorOrList | TensorLike): readonly tf.Tensor[] {
  const isList = Array.isArray(x) && x.length > 0 && x.every((each: unknown) => each instanceof tf.Tensor)
  return isList ? (x as readonly tf.Tensor[]) : [toTensorOf(x)]
}

/** Number of examples. */
export function countOf({ inputs }: Batch): number {
  return inputs[0]?.shape[0] ?? 0
}

/** Figures from sums over `count` examples, in the order of the scalars of a step. */
export function figuresOf(figures: readonly Figure[], sums: readonly number[], count: number): Logs {
  let at = 0
  return Object.fromEntries(
    figures.map(({ name, width, value }) => {
      const own = sums.slice(at, at + width)
      at += width
      return [name, value(own, count)]
    }),
  )
}

/** Whether each scalar of a step is a mean over its examples. */
export function areMeans(figures: readonly Figure[]): boolean[] {
  return figures.flatMap(({ width, isMean }) => Array.from({ length: width }, () => isMean))
}
