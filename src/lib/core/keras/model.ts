/** Keras' Model: layers between inputs and outputs, with `compile`, `fit`, `evaluate` and `predict`. */
import { batchRows, givenOrder, lengthsOf, takeBatch } from '../data/batches'
import type { NdArray } from '../data/types'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { currentRun } from '../events/currentRun'
import type { ModelWeights } from '../nn/weights'
import { currentSession, type Session } from '../session/session'
import { ArgumentError, ShapeError } from '../util/errors'
import { isClosed, openSize, printShape, sizeOf, type Shape } from '../util/shapes'
import { isPlainObject } from '../util/plainObject'
import { argumentsOf, type Arguments } from './arguments'
import { toArrayOf, toTensor, type ArrayData } from './arrays'
import { History, type Callback, type Logs } from './callbacks'
import { EagerRunner } from './eagerRunner'
import {
  classWeights,
  exampleShapeOf,
  inputArrays,
  labelArrays,
  splitLast,
  type Arrays,
  type LabelledOutput,
} from './examples'
import { assertFitOptions, type BatchOptions, type EvaluateOptions, type FitOptions } from './fitOptions'
import { KerasTensor } from './kerasTensor'
import { LayerGraph, type Network } from './layerGraph'
import { nameLayer } from './layerNames'
import {
  assertAwaited,
  toBeAwaited,
  assertPositiveInteger,
  type CallOptions,
  type Layer,
} from './layers/layer'
import { ModelLayer } from './layers/modelLayer'
import { readWeightsFile, writeWeightsFile } from './memoryFiles'
import { outputOf, type ModelOutput } from './modelOutput'
import {
  fixedVariables,
  namedVariables,
  readArrays,
  readWeights,
  writeWeights,
  type NamedVariable,
} from './modelWeights'
import type { Spelling } from './names'
import { assertKnown, joined, Objective, type ObjectiveSettings, type OutputInfo } from './objective'
import { toOptimizer, type Optimizer, type OptimizerName } from './optimizers'
import { compileSteps, StaticRunner, type CompiledSteps } from './staticRunner'
import {
  asLogs,
  usualTestStep,
  usualTrainStep,
  withPenalty,
  type Batch,
  type Compiled,
  type OwnStep,
  type StepArguments,
  type StepData,
  type StepLogs,
  type StepRunner,
  type TensorOrList,
} from './stepRunner'
import { penaltyOf } from './regularizers'
import { trackedFigures } from './trackedFigures'
import type { Metric } from './metrics'
import { OwnNetwork } from './ownNetwork'
import { toTensorOf, type TensorLike } from './tensorLike'
import { summaryText } from './summary'
import { evaluateBatches, trainEpoch } from './training'

export interface ModelOptions {
  readonly inputs?: KerasTensor | readonly KerasTensor[]
  readonly outputs?: KerasTensor | readonly KerasTensor[]
  readonly name?: string
}

export interface CompileOptions extends ObjectiveSettings {
  /** `rmsprop` when left out. */
  readonly optimizer?: Optimizer | Spelling<OptimizerName>
  /** True takes each step kernel by kernel; false compiles steps. The lane's own execution when left out. */
  readonly runEagerly?: boolean
  /** Batches that one call of the runtime takes together; 1 when left out. For compiled steps. */
  readonly stepsPerExecution?: number
}

/** In Keras' order. */
const compileOptions = [
  'optimizer',
  'loss',
  'lossWeights',
  'metrics',
  'runEagerly',
  'stepsPerExecution',
] as const satisfies readonly (keyof CompileOptions)[]

/** What `compile` was given; `steps` are there when steps are compiled. */
interface Settings extends ObjectiveSettings {
  readonly optimizer: Optimizer
  readonly steps: CompiledSteps | null
}

/** What `computeLoss` is called with. */
export interface LossArguments {
  readonly x?: TensorOrList
  readonly y: TensorOrList
  readonly yPred: TensorOrList
  readonly sampleWeight?: tf.Tensor | undefined
}

/** `new Model({ inputs, outputs })`. Source: keras.Model. */
export class Model {
  /** Set to true, by a callback for instance, to end `fit` after the batch in progress. */
  stopTraining = false
  readonly name: string
  readonly #network: Network
  #layer: ModelLayer | null = null
  #settings: Settings | null = null
  #tracked: readonly Metric[] | null = null

  /**
   * `new Model({ inputs, outputs })`, `new Model(inputs, outputs)`, or in a subclass with fields that are layers and a method
   * `call(inputs, { training })`: `super()`. Throws ArgumentError where inputs are no Inputs, or do not lead to the outputs.
   */
  constructor(
    ...given: Arguments<ModelOptions> | readonly [{ readonly network: Network; readonly name: string }]
  ) {
    const [definition] = given
    if (isNetwork(definition)) {
      this.#network = definition.network
      this.name = definition.name
      return
    }
    const options = argumentsOf('Model', given as Arguments<ModelOptions>, ['inputs', 'outputs', 'name'])
    const { inputs, outputs, name } = options
    this.#network = inputs || outputs ? functionalNetwork(inputs, outputs) : new OwnNetwork(this)
    this.name = name ?? (inputs ? 'functional' : this.constructor.name)
  }

  /** What a subclass computes from its inputs, a list for several; override it. Source: keras.Model.call. */
  call(_inputs: TensorOrList, _options?: CallOptions): TensorOrList {
    throw new ArgumentError(
      `${this.name}: expected inputs and outputs, or a method call(inputs), got neither. ` +
        'Write new Model({ inputs, outputs }), or call(inputs) { return … } in the subclass.',
    )
  }

  /** Keras' name of the kind of model, as a summary shows it; of a subclass its own. */
  get className(): string {
    return this.constructor === Model ? 'Functional' : this.constructor.name
  }

  /** In order of computation. */
  get layers(): readonly Layer[] {
    return this.#network.layers
  }

  /** Empty while the input shape is open. */
  get inputs(): readonly KerasTensor[] {
    return this.#network.inputs
  }

  /** Empty while the input shape is open. */
  get outputs(): readonly KerasTensor[] {
    return this.#network.outputs
  }

  get optimizer(): Optimizer | null {
    return this.#settings?.optimizer ?? null
  }

  /** Trainable weights in construction order, named as in `weights()`. */
  get trainableVariables(): readonly NamedVariable[] {
    return namedVariables(this.layers)
  }

  /** The same: Keras has both names. */
  get trainableWeights(): readonly NamedVariable[] {
    return this.trainableVariables
  }

  /** What training leaves as it is: weights of frozen layers, moving averages. */
  get nonTrainableWeights(): readonly NamedVariable[] {
    return fixedVariables(this.layers)
  }

  /**
   * The running loss and the compiled metrics, for a `trainStep` of one's own: `updateState(loss)` of the one that is named
   * `loss`, `updateState(y, yPred)` of the others, and `result()` of all. Source: keras.Model.metrics.
   */
  get metrics(): readonly Metric[] {
    this.#tracked ??= trackedFigures(this.#compiled('metrics').objective.metrics)
    return this.#tracked
  }

  /** `loss`, and the metrics by name. */
  get metricsNames(): readonly string[] {
    return this.#compiled('metricsNames').objective.figures.map(({ name }) => name)
  }

  /** Whether any layer's weights are trained; setting it says so of all layers. Compile the model afterwards. */
  get trainable(): boolean {
    return this.layers.some(({ trainable }) => trainable)
  }

  set trainable(trainable: boolean) {
    for (const layer of this.layers) layer.trainable = trainable
  }

  /** The program's own steps, where it overrides them. */
  get ownSteps(): { readonly train: OwnStep | null; readonly test: OwnStep | null } {
    return {
      train: this.#overrides('trainStep') ? (data) => this.trainStep(data) : null,
      test: this.#overrides('testStep') ? (data) => this.testStep(data) : null,
    }
  }

  countParams(): number {
    return this.layers.reduce((sum, layer) => sum + layer.countParams(), 0)
  }

  /** A layer by its name, or by its position. Throws ArgumentError where there is none. */
  getLayer(nameOrIndex: string | number): Layer {
    const layer =
      typeof nameOrIndex === 'number'
        ? this.layers[nameOrIndex]
        : this.layers.find(({ name }) => name === nameOrIndex)
    if (layer) return layer
    throw new ArgumentError(
      `getLayer: expected one of ${this.layers.map(({ name }) => name).join(', ')}, got ${nameOrIndex}. Use a name of model.summary().`,
    )
  }

  /** Makes the weights for inputs of a shape, which begins with the batch: `model.build([null, 2])`. */
  build(inputShape: readonly (number | null)[]): void {
    this.#network.build('build', [inputShape.slice(1).map((size) => size ?? openSize)])
  }

  /** Sets what `fit` and `evaluate` need, by name or in Keras' order. Throws ArgumentError for unknown names. */
  compile(...given: Arguments<CompileOptions>): void {
    const options = withMetricsThird(argumentsOf<CompileOptions>('compile', given, compileOptions))
    const { optimizer = 'rmsprop', stepsPerExecution, loss, lossWeights, metrics } = options
    const { runEagerly = currentRun().execution === 'eager' } = options
    assertKnown({ loss, metrics })
    if (stepsPerExecution !== undefined)
      assertPositiveInteger('compile', 'stepsPerExecution', stepsPerExecution)
    const session = runEagerly ? currentSession() : sessionForSteps()
    this.#retireSteps(session)
    this.#tracked = null
    const steps = runEagerly || !session ? null : compileSteps(session, stepsPerExecution)
    this.#settings = { optimizer: toOptimizer(optimizer), loss, lossWeights, metrics, steps }
  }

  /**
   * [batch, …inputShape] -> [batch, …outputShape] on tensors, synchronously: what Keras writes as `model(x)`. Lists for several.
   * On symbolic tensors the model becomes a layer of another one.
   */
  apply(x: KerasTensor | readonly KerasTensor[]): KerasTensor
  apply(x: TensorOrList | TensorLike, options?: CallOptions): TensorOrList
  apply(
    x: KerasTensor | readonly KerasTensor[] | TensorOrList | TensorLike,
    { training = false }: CallOptions = {},
  ): KerasTensor | TensorOrList {
    if (isSymbolic(x)) return this.asLayer().apply(x)
    const values = this.run(inputTensors(x), training).map(({ value }) => value)
    return values.length === 1 && values[0] ? values[0] : values
  }

  /** The model as a layer of another one: the same layer wherever it is used. */
  asLayer(): ModelLayer {
    const isAutomatic = ['sequential', 'functional', this.className].includes(this.name)
    this.#layer ??= new ModelLayer(this, this.className, isAutomatic ? '' : this.name)
    return this.#layer
  }

  /** Makes the weights for examples of these shapes, one for each input. Throws ShapeError if there are others. */
  buildOn(where: string, exampleShapes: readonly Shape[]): void {
    this.#network.build(where, exampleShapes)
  }

  /** Outputs before and after their last activation; belongs to the caller's scope. */
  run(inputs: readonly tf.Tensor[], training: boolean): ModelOutput[] {
    this.#network.build(
      'apply',
      inputs.map(({ shape }) => shape.slice(1)),
    )
    return this.#network.run(inputs, training)
  }

  /**
   * One step of training on a batch: loss and gradients, an update, metrics. Override it for a step of your own: it is
   * called with tensors [x, y], or [x, y, sampleWeight], and gives scalars by name, `loss` among them. `fit` shows their
   * means over the examples of an epoch. Source: keras.Model.train_step.
   */
  trainStep(data: StepArguments): StepLogs {
    return asLogs(usualTrainStep(this, this.#compiled('trainStep'), stepData(data)), countIn(data))
  }

  /** The same for `evaluate` and validation, without an update. Source: keras.Model.test_step. */
  testStep(data: StepArguments): StepLogs {
    return asLogs(usualTestStep(this, this.#compiled('testStep'), stepData(data)), countIn(data))
  }

  /** The compiled loss of outputs, a scalar: for a `trainStep` of one's own. Source: keras.Model.compute_loss. */
  computeLoss({ y, yPred, sampleWeight }: LossArguments): tf.Tensor {
    const { objective } = this.#compiled('computeLoss')
    const { total } = objective.losing(listOf(y), listOf(yPred).map(outputOf), sampleWeight ?? null)
    return withPenalty(this, total)
  }

  /** What regularizers add to the loss; null where there are none. */
  penalty(): tf.Tensor | null {
    return penaltyOf(this.layers.flatMap(({ weights }) => weights))
  }

  /** Which way a figure of the logs is better; null where nobody knows. */
  directionOf(figure: string): 'up' | 'down' | null {
    return this.#settings ? this.#compiled('fit').objective.directionOf(figure) : null
  }

  /** Trains for `epochs − initialEpoch` epochs. Rejects with StoppedError when the run is stopped. */
  async fit(x: Arrays, y: Arrays, options: FitOptions = {}): Promise<History> {
    assertFitOptions(options)
    const { batchSize = 32, epochs = 1, shuffle = true, initialEpoch = 0, stepsPerEpoch = null } = options
    const { training, validation } = this.#prepare(x, y, options)
    const runner = this.#runner(this.#compiled('fit'))
    const history = new History()
    const callbacks = [...(options.callbacks ?? []), history]
    this.stopTraining = false
    for (const callback of callbacks) callback.model = this
    for (const callback of callbacks) await callback.onTrainBegin()
    const isStopped = () => this.stopTraining
    for (let epoch = initialEpoch; epoch < epochs; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin(epoch)
      const epochOptions = { epoch, initialEpoch, batchSize, shuffle, stepsPerEpoch, callbacks, isStopped }
      const trained = await trainEpoch(runner, training, epochOptions)
      const isDue = (epoch + 1) % (options.validationFreq ?? 1) === 0
      const validated = validation && isDue ? await validate(runner, validation, callbacks, options) : {}
      const logs = { ...trained, ...asValidation(validated) }
      // An earlier part of the run went through this epoch and told of it.
      if (Object.keys(logs).length === 0) continue
      currentRun().log({ epoch: epoch + 1, ...logs })
      for (const callback of callbacks) await callback.onEpochEnd(epoch, logs)
      if (isStopped()) break
    }
    for (const callback of callbacks) await callback.onTrainEnd()
    return history
  }

  /** Loss and metrics over the examples: by name, as with `return_dict=True`, or in order, `const [loss, accuracy] = …`. */
  async evaluate(x: Arrays, y: Arrays, options: EvaluateOptions = {}): Promise<Logs> {
    const data = this.#labelled('evaluate', x, y)
    const runner = this.#runner(this.#compiled('evaluate'))
    return inOrder(await evaluateBatches(runner, data, options.batchSize ?? 32, options.steps))
  }

  /** One update on a batch; the figures before it. Source: keras.Model.train_on_batch. */
  async trainOnBatch(x: Arrays, y: Arrays): Promise<Logs> {
    const batch = this.#labelled('trainOnBatch', x, y)
    const runner = this.#runner(this.#compiled('trainOnBatch'))
    await runner.train(batch)
    return inOrder(await runner.takeFigures())
  }

  /** Loss and metrics of a batch. Source: keras.Model.test_on_batch. */
  testOnBatch(x: Arrays, y: Arrays): Promise<Logs> {
    return this.evaluate(x, y, { batchSize: Number.MAX_SAFE_INTEGER })
  }

  /** Outputs for all examples, float32 [n, …outputShape]; a list for several outputs. Reads back once per batch. */
  async predict(x: Arrays, { batchSize = 32 }: BatchOptions = {}): Promise<NdArray | NdArray[]> {
    const inputs = this.#inputs('predict', x)
    const count = inputs[0]?.shape[0] ?? 0
    const open = this.outputs.find(({ exampleShape }) => !isClosed(exampleShape))
    if (open) {
      throw new ShapeError(
        `predict: expected outputs of one size, got ${printShape(open.exampleShape)}, which follow the length of their ` +
          'sequences. Call model.apply(x) on a batch instead.',
      )
    }
    const found = this.outputs.map(({ exampleShape }) => ({
      width: sizeOf(exampleShape),
      shape: [count, ...exampleShape],
      values: new Float32Array(count * sizeOf(exampleShape)),
    }))
    for (const rows of batchRows(givenOrder(count), batchSize, lengthsOf(inputs))) {
      const outputs = await this.#predictBatch(inputs.map((input) => takeBatch(input, rows)))
      for (const [index, { values, width }] of found.entries()) {
        const output = outputs[index] ?? []
        for (const [at, row] of rows.entries())
          for (let column = 0; column < width; column++)
            values[row * width + column] = output[at * width + column] ?? NaN
      }
    }
    const arrays = found.map(({ values, shape }): NdArray => ({ values, shape, dtype: 'float32' }))
    return arrays.length === 1 && arrays[0] ? arrays[0] : arrays
  }

  /** Prints the table of layers, and returns it. */
  summary(): string {
    const text = summaryText(this.name, this.layers)
    currentRun().print(text)
    return text
  }

  /** All weights in Keras' layout, read from the backend. */
  weights(): Promise<ModelWeights> {
    return readWeights(this.layers)
  }

  /** All weights as arrays, in the same order. */
  getWeights(): Promise<NdArray[]> {
    return toBeAwaited('getWeights', readArrays(this.layers))
  }

  /** Overwrites all weights, from either layout or from arrays. Throws ShapeError if they do not fit. */
  setWeights(weights: ModelWeights | readonly ArrayData[]): void {
    assertAwaited('setWeights', weights)
    writeWeights(this.layers, 'layout' in weights ? weights : weights.map(toArrayOf))
  }

  /** Keeps all weights under a path, for as long as the lane lasts: a browser has no disk. */
  async saveWeights(filepath: string): Promise<void> {
    writeWeightsFile(filepath, await this.weights())
  }

  /** Takes back weights that `saveWeights` or ModelCheckpoint kept. Throws ArgumentError where there are none. */
  loadWeights(filepath: string): void {
    this.setWeights(readWeightsFile('loadWeights', filepath))
  }

  /** Frees the weights and the optimizer's slots. */
  dispose(): void {
    for (const layer of this.layers) layer.dispose()
    this.optimizer?.dispose()
  }

  #overrides(method: 'trainStep' | 'testStep'): boolean {
    return Reflect.get(this, method) !== Reflect.get(Model.prototype, method)
  }

  #retireSteps(session: Session | null): void {
    const earlier = this.#settings?.steps
    if (!earlier) return
    for (const each of [earlier.train.compiled, earlier.test.compiled, earlier.predict]) session?.retire(each)
  }

  /** Throws ArgumentError before `compile`. */
  #compiled(where: string): Compiled {
    if (!this.#settings) {
      throw new ArgumentError(
        `${where}: expected a compiled model, got one without loss and optimizer. Call model.compile({ optimizer, loss }) first.`,
      )
    }
    return {
      optimizer: this.#settings.optimizer,
      objective: new Objective(this.#settings, this.#outputInfos()),
    }
  }

  #outputInfos(): OutputInfo[] {
    return this.outputs.map(({ name, producer, exampleShape }) => {
      return { name: producer?.layer.name ?? name, shape: exampleShape }
    })
  }

  #runner(compiled: Compiled): StepRunner {
    const steps = this.#settings?.steps
    return steps ? new StaticRunner(this, compiled, steps) : new EagerRunner(this, compiled)
  }

  async #predictBatch(inputs: readonly NdArray[]): Promise<ArrayLike<number>[]> {
    const valuesFor = (tensors: readonly tf.Tensor[]) => this.run(tensors, false).map(({ value }) => value)
    const predict = this.#settings?.steps?.predict
    if (predict) return (await predict.call(inputs, valuesFor).force()).map(({ values }) => values)
    const outputs = tf.tidy(() => valuesFor(inputs.map(toTensor)))
    try {
      const values: ArrayLike<number>[] = []
      for (const output of outputs) values.push(await readBack(output))
      return values
    } finally {
      for (const output of outputs) output.dispose()
    }
  }

  /** The arrays of the inputs, checked; the first ones settle shapes that are open. */
  #inputs(where: string, x: Arrays): NdArray[] {
    const open = [{ name: '', shape: null }]
    const places = this.inputs.map(({ name, exampleShape }) => ({ name, shape: exampleShape }))
    const arrays = inputArrays(where, x, places.length > 0 ? places : open)
    this.#network.build(where, arrays.map(exampleShapeOf))
    return arrays
  }

  #labelled(where: string, x: Arrays, y: Arrays): Batch {
    // A model that is not compiled is told of first, whatever its data are.
    if (!this.#settings) this.#compiled(where)
    const inputs = this.#inputs(where, x)
    const { losses } = this.#compiled(where).objective
    const outputs = this.#outputInfos().map((info, index): LabelledOutput => ({
      ...info,
      loss: losses[index] ?? null,
    }))
    return { inputs, labels: labelArrays(where, y, outputs, inputs[0]?.shape[0] ?? 0), weights: null }
  }

  #prepare(x: Arrays, y: Arrays, options: FitOptions): { training: Batch; validation: Batch | null } {
    const { validationData, validationSplit, classWeight, sampleWeight = null } = options
    const unweighted = this.#labelled('fit', x, y)
    const ofExamples = sampleWeight === null ? null : toArrayOf(sampleWeight)
    const weights = classWeight ? classWeights(unweighted.labels, classWeight) : ofExamples
    const all: Batch = { ...unweighted, weights }
    if (validationData) {
      const [ofInputs, ofLabels] = validationData
      return { training: all, validation: this.#labelled('fit validationData', ofInputs, ofLabels) }
    }
    if (!validationSplit) return { training: all, validation: null }
    const { training, validation } = splitLast(all, validationSplit)
    // Weights of classes are for training; those of examples are theirs.
    return { training, validation: classWeight ? { ...validation, weights: null } : validation }
  }
}

async function validate(
  runner: StepRunner,
  data: Batch,
  callbacks: readonly Callback[],
  { batchSize = 32, validationBatchSize = batchSize, validationSteps }: FitOptions,
): Promise<Logs> {
  for (const callback of callbacks) await callback.onTestBegin()
  const logs = await evaluateBatches(runner, data, validationBatchSize, validationSteps)
  for (const callback of callbacks) await callback.onTestEnd(logs)
  return logs
}

/** `compile('adam', 'mse', ['mae'])`: of Keras' third arguments over the years, names can only be metrics. */
function withMetricsThird(options: CompileOptions): CompileOptions {
  const { lossWeights, ...others } = options
  const isMetrics =
    Array.isArray(lossWeights) && lossWeights.some((each: unknown) => typeof each !== 'number')
  return isMetrics ? { ...others, metrics: lossWeights } : options
}

function sessionForSteps(): Session {
  const session = currentSession()
  if (session) return session
  throw new ArgumentError(
    'compile: expected a runtime for graphs with runEagerly: false, got none in this run. Set runEagerly: true.',
  )
}

/** Figures that can also be taken apart in order, as Keras gives them. */
function inOrder(logs: Logs): Logs {
  return Object.defineProperty({ ...logs }, Symbol.iterator, {
    value: () => Object.values(logs)[Symbol.iterator](),
  })
}

/** `loss` -> `valLoss`. */
function asValidation(logs: Logs): Record<string, number> {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [joined('val', name), value]))
}

function isNetwork(given: unknown): given is { readonly network: Network; readonly name: string } {
  return isPlainObject(given) && 'network' in given
}

/** The layers between inputs and outputs, with names. */
function functionalNetwork(inputs: ModelOptions['inputs'], outputs: ModelOptions['outputs']): LayerGraph {
  const graph = new LayerGraph(symbolic('inputs', inputs), symbolic('outputs', outputs))
  for (const layer of graph.layers) {
    nameLayer(
      'Model',
      layer,
      graph.layers.filter((other) => other !== layer),
    )
  }
  return graph
}

function symbolic(option: string, given: ModelOptions['inputs']): readonly KerasTensor[] {
  const tensors = given instanceof KerasTensor ? [given] : given
  const isValid = Array.isArray(tensors) && tensors.length > 0
  if (isValid && tensors.every((tensor) => tensor instanceof KerasTensor)) return tensors
  throw new ArgumentError(
    `Model: expected ${option} from Input and from layers, got something else. Write const x = Input({ shape }) and layer.apply(x).`,
  )
}

function isSymbolic(x: unknown): x is KerasTensor | readonly KerasTensor[] {
  return x instanceof KerasTensor || (Array.isArray(x) && x.some((each) => each instanceof KerasTensor))
}

/** Tensors as they are; arrays and numbers as one tensor. */
function inputTensors(x: TensorOrList | TensorLike): readonly tf.Tensor[] {
  const isList = Array.isArray(x) && x.every((each: unknown) => each instanceof tf.Tensor)
  return isList ? (x as readonly tf.Tensor[]) : [toTensorOf(x as TensorLike)]
}

function listOf(tensors: TensorOrList): readonly tf.Tensor[] {
  return tensors instanceof tf.Tensor ? [tensors] : tensors
}

function stepData([x, y, weights]: StepArguments): StepData {
  return { inputs: listOf(x), labels: listOf(y), weights: weights ?? null }
}

function countIn([x]: StepArguments): number {
  return listOf(x)[0]?.shape[0] ?? 0
}
