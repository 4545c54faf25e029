/** Keras' Sequential: a stack of layers with `compile`, `fit`, `evaluate` and `predict`. */
import { batches, takeRows } from '../data/batches'
import type { NdArray, Split } from '../data/types'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { currentRun } from '../events/currentRun'
import type { ModelWeights } from '../nn/weights'
import { currentSession, type Session } from '../session/session'
import { ArgumentError } from '../util/errors'
import { sizeOf } from '../util/shapes'
import { toTensor } from './arrays'
import { History, type Callback, type Logs } from './callbacks'
import { assertInputs, labelled, splitLast } from './examples'
import type { InputSpec } from './input'
import { EagerRunner } from './eagerRunner'
import { assertPositiveInteger, type CallOptions, type Layer } from './layers/layer'
import { LayerStack } from './layerStack'
import { toLoss, type Loss } from './losses'
import { assertMetricNames, toMetrics } from './metrics'
import type { ModelOutput } from './modelOutput'
import { assertOptions } from './names'
import { namedVariables, readArrays, readWeights, writeWeights, type NamedVariable } from './modelWeights'
import { toOptimizer, type Optimizer } from './optimizers'
import { summaryText } from './summary'
import { StaticRunner, compileSteps, type CompiledSteps } from './staticRunner'
import type { Compiled, StepRunner } from './stepRunner'
import { evaluateBatches, trainEpoch } from './training'

export interface CompileOptions {
  readonly optimizer: Optimizer | string
  readonly loss: Loss | string
  readonly metrics?: readonly string[]
  /** True takes each step kernel by kernel; false compiles steps. The lane's own execution when left out. */
  readonly runEagerly?: boolean
  /** Batches that one call of the runtime takes together; 1 when left out. For compiled steps. */
  readonly stepsPerExecution?: number
}

export interface BatchOptions {
  readonly batchSize?: number
}

export interface FitOptions extends BatchOptions {
  readonly epochs?: number
  readonly shuffle?: boolean
  /** Examples and labels that are evaluated after every epoch. */
  readonly validationData?: readonly [x: NdArray, y: NdArray]
  /** Share of the last examples to validate on instead of training on them. */
  readonly validationSplit?: number
  readonly callbacks?: readonly Callback[]
  /** Epoch to go on from, counted from 0. */
  readonly initialEpoch?: number
}

const fitOptions: readonly (keyof FitOptions)[] = [
  'batchSize',
  'epochs',
  'shuffle',
  'validationData',
  'validationSplit',
  'callbacks',
  'initialEpoch',
]

/** What `compile` was given; `steps` are there when steps are compiled. */
interface Settings {
  readonly optimizer: Optimizer
  readonly loss: Loss
  readonly metrics: readonly string[]
  readonly steps: CompiledSteps | null
}

export class Sequential {
  /** Set to true, by a callback for instance, to end `fit` after the batch in progress. */
  stopTraining = false
  readonly #stack = new LayerStack()
  #settings: Settings | null = null

  constructor(layers: readonly (InputSpec | Layer)[] = []) {
    for (const layer of layers) this.add(layer)
  }

  /** Appends a layer. Input comes first; without it the first data given to the model set the shape. */
  add(layer: InputSpec | Layer): void {
    this.#stack.add(layer)
  }

  get layers(): readonly Layer[] {
    return this.#stack.layers
  }

  get optimizer(): Optimizer | null {
    return this.#settings?.optimizer ?? null
  }

  /** Trainable weights in construction order, named as in `weights()`. */
  get trainableVariables(): readonly NamedVariable[] {
    return namedVariables(this.layers)
  }

  countParams(): number {
    return this.layers.reduce((sum, layer) => sum + layer.countParams(), 0)
  }

  /** Sets what `fit` and `evaluate` need. Throws ArgumentError for unknown names. */
  compile(options: CompileOptions): void {
    assertOptions('compile', options, ['optimizer', 'loss', 'metrics', 'runEagerly', 'stepsPerExecution'])
    const { optimizer, loss, metrics = [], stepsPerExecution } = options
    const { runEagerly = currentRun().execution === 'eager' } = options
    assertMetricNames(metrics)
    if (stepsPerExecution !== undefined)
      assertPositiveInteger('compile', 'stepsPerExecution', stepsPerExecution)
    const session = runEagerly ? currentSession() : sessionForSteps()
    const earlier = this.#settings?.steps
    if (earlier) for (const each of [earlier.train, earlier.test, earlier.predict]) session?.retire(each)
    const steps = runEagerly || !session ? null : compileSteps(session, stepsPerExecution)
    this.#settings = { optimizer: toOptimizer(optimizer), loss: toLoss(loss), metrics, steps }
  }

  /** [batch, …inputShape] -> [batch, …outputShape] on tensors, synchronously: what Keras writes as `model(x)`. */
  apply(x: tf.Tensor, { training = false }: CallOptions = {}): tf.Tensor {
    return this.forward(x, training).value
  }

  /** Outputs before and after the last activation; belongs to the caller's scope. */
  forward(x: tf.Tensor, training: boolean): ModelOutput {
    this.#stack.build('apply', x.shape.slice(1))
    return this.#stack.run(x, training)
  }

  /** Trains for `epochs − initialEpoch` epochs. Rejects with StoppedError when the run is stopped. */
  async fit(x: NdArray, y: NdArray, options: FitOptions = {}): Promise<History> {
    assertOptions('fit', options, fitOptions)
    const { batchSize = 32, epochs = 1, shuffle = true, initialEpoch = 0 } = options
    const compiled = this.#compiledFor('fit', x)
    const runner = this.#runner(compiled)
    const { training, validation } = this.#prepare({ x, y }, compiled.loss, options)
    const history = new History()
    const callbacks = [...(options.callbacks ?? []), history]
    this.stopTraining = false
    for (const callback of callbacks) callback.model = this
    for (const callback of callbacks) await callback.onTrainBegin()
    for (let epoch = initialEpoch; epoch < epochs; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin(epoch)
      const isStopped = () => this.stopTraining
      const trained = await trainEpoch(runner, training, { epoch, batchSize, shuffle, callbacks, isStopped })
      const validated = validation ? await evaluateBatches(runner, validation, batchSize) : {}
      const logs = { ...trained, ...asValidation(validated) }
      // An earlier part of the run went through this epoch and told of it.
      if (Object.keys(logs).length === 0) continue
      currentRun().log({ epoch: epoch + 1, ...logs })
      for (const callback of callbacks) await callback.onEpochEnd(epoch, logs)
      if (this.#isStopped()) break
    }
    for (const callback of callbacks) await callback.onTrainEnd()
    return history
  }

  /** Loss and metrics over the examples by name, as Keras with `return_dict=True`. */
  async evaluate(x: NdArray, y: NdArray, { batchSize = 32 }: BatchOptions = {}): Promise<Logs> {
    const compiled = this.#compiledFor('evaluate', x)
    const data = this.#labelled('evaluate', { x, y }, compiled.loss)
    return evaluateBatches(this.#runner(compiled), data, batchSize)
  }

  /** Outputs for all examples, float32 [n, …outputShape]. Reads back once per batch. */
  async predict(x: NdArray, { batchSize = 32 }: BatchOptions = {}): Promise<NdArray> {
    this.#build('predict', x)
    const count = x.shape[0] ?? 0
    const { outputShape } = this.#stack
    const width = sizeOf(outputShape)
    const values = new Float32Array(count * width)
    for (const [start, end] of batches(count, batchSize)) {
      const rows = Uint32Array.from({ length: end - start }, (_, index) => start + index)
      values.set(await this.#predictBatch(takeRows(x, rows)), start * width)
    }
    return { values, shape: [count, ...outputShape], dtype: 'float32' }
  }

  /** Prints the table of layers, and returns it. */
  summary(): string {
    const text = summaryText('sequential', this.layers)
    currentRun().print(text)
    return text
  }

  /** All weights in Keras' layout, read from the backend. */
  weights(): Promise<ModelWeights> {
    return readWeights(this.layers)
  }

  /** All weights as arrays, in the same order. */
  getWeights(): Promise<NdArray[]> {
    return readArrays(this.layers)
  }

  /** Overwrites all weights, from either layout or from arrays. Throws ShapeError if they do not fit. */
  setWeights(weights: ModelWeights | readonly NdArray[]): void {
    writeWeights(this.layers, weights)
  }

  /** Frees the weights and the optimizer's slots. */
  dispose(): void {
    for (const layer of this.layers) layer.dispose()
    this.optimizer?.dispose()
  }

  #compiledFor(where: string, x: NdArray): Compiled {
    if (!this.#settings) {
      throw new ArgumentError(
        `${where}: expected a compiled model, got one without loss and optimizer. Call model.compile({ optimizer, loss }) first.`,
      )
    }
    this.#build(where, x)
    const { optimizer, loss, metrics } = this.#settings
    return { optimizer, loss, metrics: toMetrics(metrics, loss, this.#stack.outputShape) }
  }

  #runner(compiled: Compiled): StepRunner {
    const steps = this.#settings?.steps
    return steps ? new StaticRunner(this, compiled, steps) : new EagerRunner(this, compiled)
  }

  async #predictBatch(x: NdArray): Promise<ArrayLike<number>> {
    const predict = this.#settings?.steps?.predict
    if (predict) {
      const step = predict.call([x], ([input]) => (input ? [this.apply(input)] : []))
      return (await step.force())[0]?.values ?? []
    }
    const output = tf.tidy(() => this.apply(toTensor(x)))
    try {
      return await readBack(output)
    } finally {
      output.dispose()
    }
  }

  #build(where: string, x: NdArray): void {
    assertInputs(where, x, this.#stack.inputShape)
    this.#stack.build(where, x.shape.slice(1))
  }

  #prepare(data: Split, loss: Loss, options: FitOptions): { training: Split; validation: Split | null } {
    const all = this.#labelled('fit', data, loss)
    if (options.validationData) {
      const [x, y] = options.validationData
      return { training: all, validation: this.#labelled('fit validationData', { x, y }, loss) }
    }
    return options.validationSplit
      ? splitLast(all, options.validationSplit)
      : { training: all, validation: null }
  }

  #labelled(where: string, data: Split, loss: Loss): Split {
    assertInputs(where, data.x, this.#stack.inputShape)
    return labelled(where, data, loss, this.#stack.outputShape)
  }

  /** Behind a method because callbacks set the field where the compiler does not see it. */
  #isStopped(): boolean {
    return this.stopTraining
  }
}

function sessionForSteps(): Session {
  const session = currentSession()
  if (session) return session
  throw new ArgumentError(
    'compile: expected a runtime for graphs with runEagerly: false, got none in this run. Set runEagerly: true.',
  )
}

/** `loss` -> `valLoss`. */
function asValidation(logs: Logs): Record<string, number> {
  return Object.fromEntries(
    Object.entries(logs).map(([name, value]) => [
      `val${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  )
}
