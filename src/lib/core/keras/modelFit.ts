/** The loops of `fit`, `evaluate` and `predict` over epochs and batches. */
import { at } from '../util/at'
import { batchRows, givenOrder, lengthsOf, takeBatch } from '../data/batches'
import type { NdArray } from '../data/types'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { currentRun } from '../events/currentRun'
import type { CompiledFunction } from '../session/compiledFunction'
import { ShapeError } from '../util/errors'
import type { Values } from '../util/parameters'
import { isClosed, printShape, sizeOf } from '../util/shapes'
import { toTensor } from './arrays'
import { History, toCallbacks, type Callback, type Logs, type FittedModel } from './callbacks'
import type { KerasTensor } from './kerasTensor'
import type { Prepared } from './modelData'
import type { fitParameters } from './modelParameters'
import { joined } from './objective'
import { countOf, type Batch, type StepRunner } from './stepRunner'
import { evaluateBatches, trainEpoch } from './training'

/** Examples of a step where a program does not say. */
const usualBatchSize = 32

type FitValues = Values<typeof fitParameters.table>

/** Trains for `epochs − initialEpoch` epochs. Rejects with StoppedError when the run is stopped. */
export async function fitModel(
  model: FittedModel,
  runner: StepRunner,
  { training, validation }: Prepared,
  options: FitValues,
): Promise<History> {
  const { epochs, shuffle, initialEpoch, stepsPerEpoch } = options
  const batchSize = options.batchSize ?? usualBatchSize
  const history = new History()
  const callbacks = [...toCallbacks('fit', options.callbacks), history]
  model.stopTraining = false
  const { verbose } = options
  const steps = stepsPerEpoch ?? Math.ceil(countOf(training) / batchSize)
  for (const callback of callbacks) Object.assign(callback, { model, params: { epochs, steps, verbose } })
  for (const callback of callbacks) await callback.onTrainBegin({})
  let last: Logs = {}
  const isStopped = () => model.stopTraining
  for (let epoch = initialEpoch; epoch < epochs; epoch++) {
    for (const callback of callbacks) await callback.onEpochBegin(epoch, {})
    const epochOptions = { epoch, initialEpoch, batchSize, shuffle, stepsPerEpoch, callbacks, isStopped }
    const trained = await trainEpoch(runner, training, epochOptions)
    const isDue = isValidated(epoch + 1, options.validationFreq)
    const validated = validation && isDue ? await validate(runner, validation, callbacks, options) : {}
    const logs = { ...trained, ...asValidation(validated) }
    // An earlier part of the run went through this epoch and told of it.
    if (Object.keys(logs).length === 0) continue
    currentRun().log({ epoch: epoch + 1, ...logs })
    for (const callback of callbacks) await callback.onEpochEnd(epoch, logs)
    last = logs
    if (isStopped()) break
  }
  for (const callback of callbacks) await callback.onTrainEnd(last)
  return history
}

/** Whether an epoch, from 1, is followed by a validation. */
function isValidated(epoch: number, freq: number | readonly number[]): boolean {
  return typeof freq === 'number' ? epoch % freq === 0 : freq.includes(epoch)
}

function validate(
  runner: StepRunner,
  data: Batch,
  callbacks: readonly Callback[],
  { batchSize, validationBatchSize, validationSteps }: FitValues,
): Promise<Logs> {
  const size = validationBatchSize ?? batchSize
  return evaluateModel(runner, data, { batchSize: size, steps: validationSteps }, callbacks)
}

/** Loss and metrics over the examples, in their order. */
export async function evaluateModel(
  runner: StepRunner,
  data: Batch,
  { batchSize, steps }: { readonly batchSize: number | null; readonly steps: number | null },
  callbacks: readonly Callback[],
): Promise<Logs> {
  for (const callback of callbacks) await callback.onTestBegin({})
  const options = { batchSize: batchSize ?? usualBatchSize, steps: steps ?? Infinity, callbacks }
  const logs = await evaluateBatches(runner, data, options)
  for (const callback of callbacks) await callback.onTestEnd(logs)
  return logs
}

/** `loss` -> `valLoss`. */
function asValidation(logs: Logs): Record<string, number> {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [joined('val', name), value]))
}

/** Figures that can also be taken apart in order, as Keras gives them. */
export function inOrder(logs: Logs): Logs {
  return Object.defineProperty({ ...logs }, Symbol.iterator, {
    value: () => Object.values(logs)[Symbol.iterator](),
  })
}

/** What predictions are made with. */
interface Predictor {
  readonly outputs: readonly KerasTensor[]
  /** Outputs of a batch, in the caller's scope. */
  readonly valuesFor: (inputs: readonly tf.Tensor[]) => tf.Tensor[]
  /** The compiled function; null where steps are taken kernel by kernel. */
  readonly compiled: CompiledFunction | null
  readonly callbacks: readonly Callback[]
}

/** Outputs for the examples: an array, or a list for several outputs. */
export async function predictModel(
  predictor: Predictor,
  inputs: readonly NdArray[],
  options: { readonly batchSize: number | null; readonly steps: number | null },
): Promise<NdArray | NdArray[]> {
  for (const callback of predictor.callbacks) await callback.onPredictBegin({})
  const found = await predictBatches(predictor, inputs, options)
  for (const callback of predictor.callbacks) await callback.onPredictEnd({})
  return found
}

/** Outputs of the first `steps` batches, or of all. Reads back once per batch. */
async function predictBatches(
  predictor: Predictor,
  inputs: readonly NdArray[],
  { batchSize, steps }: { readonly batchSize: number | null; readonly steps: number | null },
): Promise<NdArray | NdArray[]> {
  assertClosed(predictor.outputs)
  const batches = batchRows(
    givenOrder(inputs[0]?.shape[0] ?? 0),
    batchSize ?? usualBatchSize,
    lengthsOf(inputs),
  )
  const chosen = batches.slice(0, steps ?? batches.length)
  const count = chosen.reduce((sum, rows) => sum + rows.length, 0)
  // Rows stay where they are, unless only some batches are asked for.
  const placeOf = new Map(
    [...chosen.flatMap((rows) => [...rows])].sort((a, b) => a - b).map((row, at) => [row, at]),
  )
  const found = predictor.outputs.map(({ exampleShape }) => ({
    width: sizeOf(exampleShape),
    shape: [count, ...exampleShape],
    values: new Float32Array(count * sizeOf(exampleShape)),
  }))
  for (const [batch, rows] of chosen.entries()) {
    for (const callback of predictor.callbacks) await callback.onPredictBatchBegin(batch, {})
    const outputs = await predictBatch(predictor, inputs.map((input) => takeBatch(input, rows))) // prettier-ignore
    for (const [index, { values, width }] of found.entries()) {
      const output = outputs[index] ?? []
      for (const [place, row] of rows.entries())
        for (let column = 0; column < width; column++)
          values[(placeOf.get(row) ?? 0) * width + column] = at(output, place * width + column)
    }
    const logs = { outputs: batchOutputs(predictor, outputs, rows.length) }
    for (const callback of predictor.callbacks) await callback.onPredictBatchEnd(batch, logs)
  }
  const arrays = found.map(({ values, shape }): NdArray => ({ values, shape, dtype: 'float32' }))
  return arrays.length === 1 && arrays[0] ? arrays[0] : arrays
}

function batchOutputs(
  { outputs }: Predictor,
  values: readonly ArrayLike<number>[],
  count: number,
): NdArray | readonly NdArray[] {
  const arrays = outputs.map(({ exampleShape }, index): NdArray => {
    return { values: Float32Array.from(at(values, index)), shape: [count, ...exampleShape], dtype: 'float32' }
  })
  return arrays.length === 1 ? at(arrays, 0) : arrays
}

function assertClosed(outputs: readonly KerasTensor[]): void {
  const open = outputs.find(({ exampleShape }) => !isClosed(exampleShape))
  if (!open) return
  throw new ShapeError(
    `predict: expected outputs of one size, got ${printShape(open.exampleShape)}, which follow the length of their ` +
      'sequences. Call model.apply(x) on a batch instead.',
  )
}

async function predictBatch(
  { valuesFor, compiled }: Predictor,
  inputs: readonly NdArray[],
): Promise<ArrayLike<number>[]> {
  if (compiled) return (await compiled.call(inputs, valuesFor).force()).map(({ values }) => values)
  const outputs = tf.tidy(() => valuesFor(inputs.map(toTensor)))
  try {
    const values: ArrayLike<number>[] = []
    for (const output of outputs) values.push(await readBack(output))
    return values
  } finally {
    for (const output of outputs) output.dispose()
  }
}
