/** Keras' Model: layers between inputs and outputs, with `compile`, `fit`, `evaluate` and `predict`. */
import type { NdArray } from '../data/types'
import type { tf } from '../eager/tfjs'
import { currentRun } from '../events/currentRun'
import type { ModelWeights } from '../nn/weights'
import { ArgumentError } from '../util/errors'
import { assertNoArguments, type Given, type NoArguments } from '../util/parameters'
import { openSize, type Shape } from '../util/shapes'
import { toArrayOf } from './arrays'
import { toCallbacks, type History, type Logs } from './callbacks'
import { Definition } from './definition'
import { EagerRunner } from './eagerRunner'
import { isSymbolic, type KerasTensor } from './kerasTensor'
import { functionalNetwork, type Network } from './layerGraph'
import { findLayer } from './layerNames'
import { assertAwaited, toBeAwaited, type callParameters, type CallOptions, type Layer } from './layers/layer'
import { ModelLayer } from './layers/modelLayer'
import { readWeightsFile, writeWeightsFile } from './memoryFiles'
import { inputsOf, labelled, outputInfos, prepared, type GivenData } from './modelData'
import { evaluateModel, fitModel, inOrder, predictModel } from './modelFit'
import { outputOf, type ModelOutput } from './modelOutput'
import {
  applyParameters,
  buildParameters,
  compileParameters,
  computeLossParameters,
  evaluateParameters,
  fitParameters,
  getLayerParameters,
  loadWeightsParameters,
  modelParameters,
  predictParameters,
  saveWeightsParameters,
  setWeightsParameters,
  summaryParameters,
  testOnBatchParameters,
  trainOnBatchParameters,
} from './modelParameters'
import {
  fixedVariables,
  namedVariables,
  readArrays,
  readWeights,
  writeWeights,
  type NamedVariable,
} from './modelWeights'
import type { Optimizer } from './optimizers'
import { OwnNetwork } from './ownNetwork'
import { penaltyOf } from './regularizers'
import { compiledOf, retireSteps, settled, type Settings } from './settings'
import { StaticRunner } from './staticRunner'
import {
  asLogs,
  countIn,
  inputTensors,
  listOf,
  stepData,
  usualTestStep,
  usualTrainStep,
  withPenalty,
  type Batch,
  type Compiled,
  type OwnStep,
  type StepArguments,
  type StepLogs,
  type StepRunner,
  type TensorOrList,
} from './stepRunner'
import { summaryText } from './summary'
import type { Metric } from './metric'
import { trackedFigures } from './trackedFigures'

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
  constructor(...given: Given<typeof modelParameters.table> | readonly [Definition]) {
    const [definition] = given
    if (definition instanceof Definition) {
      this.#network = definition.network
      this.name = definition.name
      if (!definition.trainable) this.trainable = false
      return
    }
    const { inputs, outputs, name, trainable } = modelParameters.read(given)
    this.#network = inputs || outputs ? functionalNetwork(inputs, outputs) : new OwnNetwork(this)
    this.name = name ?? (inputs ? 'functional' : this.constructor.name)
    if (!trainable) this.trainable = false
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

  /** What `compile` was given. */
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

  /** Number of all weights' values. */
  countParams(...given: NoArguments): number {
    assertNoArguments('countParams', given)
    return this.layers.reduce((sum, layer) => sum + layer.countParams(), 0)
  }

  /** A layer by its name, or by its position. Throws ArgumentError where there is none. */
  getLayer(...given: Given<typeof getLayerParameters.table>): Layer {
    return findLayer(this.layers, getLayerParameters.read(given))
  }

  /** Makes the weights for inputs of a shape, which begins with the batch: `model.build([null, 2])`. */
  build(...given: Given<typeof buildParameters.table>): void {
    const { inputShape } = buildParameters.read(given)
    this.#network.build('build', [inputShape.slice(1).map((size) => size ?? openSize)])
  }

  /** Sets what `fit` and `evaluate` need, by name or in Keras' order. Throws ArgumentError for unknown names. */
  compile(...given: Given<typeof compileParameters.table>): void {
    const options = compileParameters.read(given)
    const settings = settled(options)
    if (this.#settings) retireSteps(this.#settings)
    this.#tracked = null
    this.#settings = settings
  }

  /**
   * [batch, …inputShape] -> [batch, …outputShape] on tensors, synchronously: what Keras writes as `model(x)`. Lists for several.
   * On symbolic tensors the model becomes a layer of another one.
   */
  apply(inputs: KerasTensor | readonly KerasTensor[], ...others: Given<typeof callParameters>): KerasTensor
  apply(...given: Given<typeof applyParameters.table>): TensorOrList
  apply(...given: Given<typeof applyParameters.table>): KerasTensor | TensorOrList {
    const { inputs, training } = applyParameters.read(given)
    if (isSymbolic(inputs)) return this.asLayer().apply(inputs)
    const values = this.run(inputTensors(inputs), training ?? false).map(({ value }) => value)
    return values.length === 1 && values[0] ? values[0] : values
  }

  /** The model as a layer of another one: the same layer wherever it is used. @internal */
  asLayer(): ModelLayer {
    const isAutomatic = ['sequential', 'functional', this.className].includes(this.name)
    this.#layer ??= new ModelLayer(this, this.className, isAutomatic ? null : this.name)
    return this.#layer
  }

  /** Makes the weights for examples of these shapes, one for each input. Throws ShapeError if there are others. @internal */
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
  computeLoss(...given: Given<typeof computeLossParameters.table>): tf.Tensor {
    const { y, yPred, sampleWeight } = computeLossParameters.read(given)
    const { objective } = this.#compiled('computeLoss')
    const [weights = null] = sampleWeight ? listOf(sampleWeight) : []
    const { total } = objective.losing(listOf(y), listOf(yPred).map(outputOf), weights)
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
  async fit(...given: Given<typeof fitParameters.table>): Promise<History> {
    const options = fitParameters.read(given)
    toCallbacks('fit', options.callbacks)
    const data = prepared((where, batch) => this.#labelled(where, batch), options)
    return fitModel(this, this.#runner(this.#compiled('fit')), data, options)
  }

  /** Loss and metrics over the examples: by name, as with `return_dict=True`, or in order, `const [loss, accuracy] = …`. */
  async evaluate(...given: Given<typeof evaluateParameters.table>): Promise<Logs> {
    const options = evaluateParameters.read(given)
    const callbacks = toCallbacks('evaluate', options.callbacks)
    const data = this.#labelled('evaluate', options)
    return inOrder(await evaluateModel(this.#runner(this.#compiled('evaluate')), data, options, callbacks))
  }

  /** One update on a batch; the figures before it. Source: keras.Model.train_on_batch. */
  async trainOnBatch(...given: Given<typeof trainOnBatchParameters.table>): Promise<Logs> {
    const data = trainOnBatchParameters.read(given)
    const batch = this.#labelled('trainOnBatch', data)
    const runner = this.#runner(this.#compiled('trainOnBatch'))
    await runner.train(batch)
    return inOrder(await runner.takeFigures())
  }

  /** Loss and metrics of a batch. Source: keras.Model.test_on_batch. */
  async testOnBatch(...given: Given<typeof testOnBatchParameters.table>): Promise<Logs> {
    const data = testOnBatchParameters.read(given)
    const batch = this.#labelled('testOnBatch', data)
    const runner = this.#runner(this.#compiled('testOnBatch'))
    const whole = { batchSize: Number.MAX_SAFE_INTEGER, steps: null }
    return inOrder(await evaluateModel(runner, batch, whole, []))
  }

  /** Outputs for all examples, float32 [n, …outputShape]; a list for several outputs. Reads back once per batch. */
  async predict(...given: Given<typeof predictParameters.table>): Promise<NdArray | NdArray[]> {
    const { x, callbacks: listed, ...options } = predictParameters.read(given)
    const callbacks = toCallbacks('predict', listed)
    const inputs = inputsOf(this.#network, 'predict', x)
    const predictor = {
      outputs: this.outputs,
      valuesFor: (tensors: readonly tf.Tensor[]) => this.run(tensors, false).map(({ value }) => value),
      compiled: this.#settings?.steps?.predict ?? null,
      callbacks,
    }
    return predictModel(predictor, inputs, options)
  }

  /** Prints the table of layers, and returns it. */
  summary(...given: Given<typeof summaryParameters.table>): string {
    const { printFn } = summaryParameters.read(given)
    const text = summaryText(this.name, this.layers)
    if (printFn) printFn(text)
    else currentRun().print(text)
    return text
  }

  /** All weights in Keras' layout, read from the backend. */
  weights(...given: NoArguments): Promise<ModelWeights> {
    assertNoArguments('weights', given)
    return readWeights(this.layers)
  }

  /** All weights as arrays, in the same order. */
  getWeights(...given: NoArguments): Promise<NdArray[]> {
    assertNoArguments('getWeights', given)
    return toBeAwaited('getWeights', readArrays(this.layers))
  }

  /** Overwrites all weights, from either layout or from arrays. Throws ShapeError if they do not fit. */
  setWeights(...given: Given<typeof setWeightsParameters.table>): void {
    const { weights } = setWeightsParameters.read(given)
    assertAwaited('setWeights', weights)
    writeWeights(this.layers, 'layout' in weights ? weights : weights.map(toArrayOf))
  }

  /** Keeps all weights under a path, for as long as the lane lasts: a browser has no disk. */
  async saveWeights(...given: Given<typeof saveWeightsParameters.table>): Promise<void> {
    const { filepath, overwrite } = saveWeightsParameters.read(given)
    writeWeightsFile(filepath, await this.weights(), overwrite)
  }

  /** Takes back weights that `saveWeights` or ModelCheckpoint kept. Throws ArgumentError where there are none. */
  loadWeights(...given: Given<typeof loadWeightsParameters.table>): void {
    const { filepath } = loadWeightsParameters.read(given)
    this.setWeights(readWeightsFile('loadWeights', filepath))
  }

  /** Frees the weights and the optimizer's slots. */
  dispose(...given: NoArguments): void {
    assertNoArguments('dispose', given)
    for (const layer of this.layers) layer.dispose()
    this.optimizer?.dispose()
  }

  #overrides(method: 'trainStep' | 'testStep'): boolean {
    return Reflect.get(this, method) !== Reflect.get(Model.prototype, method)
  }

  /** Throws ArgumentError before `compile`. */
  #compiled(where: string): Compiled {
    return compiledOf(where, this.#settings, outputInfos(this.#network))
  }

  #runner(compiled: Compiled): StepRunner {
    const steps = this.#settings?.steps
    return steps ? new StaticRunner(this, compiled, steps) : new EagerRunner(this, compiled)
  }

  #labelled(where: string, data: GivenData): Batch {
    // A model that is not compiled is told of first, whatever its data are.
    if (!this.#settings) this.#compiled(where)
    return labelled(this.#network, () => this.#compiled(where).objective, where, data)
  }
}
