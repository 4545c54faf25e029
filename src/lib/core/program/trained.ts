/** What the lane needs of the exported model and optimizer, whichever style they are written in. */
import type { NdArray } from '../data/types'
import { currentRun } from '../events/currentRun'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import * as keras from '../keras/index'
import type { ModelWeights } from '../nn/weights'
import type { OptimizerState } from '../optim/optimizer'
import type { CompiledFunction } from '../session/compiledFunction'
import { currentSession } from '../session/session'
import { cutText } from '../util/cutText'
import { isInstance } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import { limits } from '../util/laneLimits'
import * as torch from '../torch/index'

/** A trained variable and its name. */
export interface NamedVariable {
  readonly name: string
  readonly variable: tf.Variable
}

/** A model in training. */
export interface TrainedModel {
  /** Outputs for a batch, in evaluation mode; belongs to the caller's scope. */
  readonly forward: (x: tf.Tensor) => tf.Tensor
  /** Outputs for a batch, in evaluation mode and without a tape. */
  predict(x: NdArray): Promise<NdArray>
  weights(): Promise<ModelWeights>
  setWeights(weights: ModelWeights): void
  /** Trainable weights in construction order. */
  variables(): readonly NamedVariable[]
}

/** An optimizer in training. */
export interface TrainedOptimizer {
  setLearningRate(learningRate: number): void
  state(): Promise<OptimizerState>
  setState(state: OptimizerState): void
  /** What it updates, in the order of its state; null for all that the model trains. */
  variables(): readonly tf.Variable[] | null
}

/** The exported `model` if it is one; null otherwise. */
export function asTrainedModel(exported: unknown): TrainedModel | null {
  if (isInstance(exported, keras.Model)) return bounded(trainedKerasModel(exported))
  if (isInstance(exported, torch.nn.Module)) return bounded(trainedModule(exported as torch.nn.Module))
  return null
}

/** The same model; throws ArgumentError where its weights are more, or have longer names, than the page takes. */
function bounded(model: TrainedModel): TrainedModel {
  return {
    ...model,
    weights: async () => {
      const { layout, weights } = await model.weights()
      return { layout, weights: withinLimits(weights) }
    },
    variables: () => withinLimits(model.variables()),
  }
}

function withinLimits<T extends { readonly name: string }>(weights: readonly T[]): readonly T[] {
  if (weights.length > limits.weights) {
    throw new ArgumentError(
      `model: expected at most ${limits.weights} weights, got ${weights.length}. Use fewer layers.`,
    )
  }
  const long = weights.find(({ name }) => name.length > limits.name)
  if (long === undefined) return weights
  throw new ArgumentError(
    `model: expected weights with names of at most ${limits.name} characters, got ${long.name.length}: ` +
      `${cutText(long.name, 60)}. Give layers shorter names.`,
  )
}

/** The exported `optimizer` if it is one; null otherwise. */
export function asTrainedOptimizer(exported: unknown): TrainedOptimizer | null {
  if (isInstance(exported, keras.Optimizer) || isInstance(exported, torch.optim.Optimizer)) {
    return {
      setLearningRate: (learningRate) => setLearningRate(exported, learningRate),
      state: () => exported.state(),
      setState: (state) => exported.setState(state),
      variables: () =>
        isInstance(exported, torch.optim.Optimizer) ? variablesOf(exported as torch.optim.Optimizer) : null,
    }
  }
  return null
}

function variablesOf({ paramGroups }: torch.optim.Optimizer): readonly tf.Variable[] {
  return paramGroups.flatMap(({ params }) => params.map(({ variable }) => variable))
}

/** Where a schedule gives the learning rate, it stays so; the program's reader is told. */
function setLearningRate(optimizer: keras.Optimizer | torch.optim.Optimizer, learningRate: number): void {
  if (isInstance(optimizer, keras.Optimizer) && optimizer.isScheduled)
    currentRun().print('The learning rate was not changed: a schedule of the program gives it.')
  else optimizer.learningRate = learningRate
}

/** Of several outputs the first is the one that is looked at. */
function trainedKerasModel(model: keras.Model): TrainedModel {
  const forward = (x: tf.Tensor) => {
    const output = model.apply(x)
    return isInstance(output, tf.Tensor) ? output : (output[0] ?? x)
  }
  return {
    forward,
    predict: predictor(forward),
    weights: () => model.weights(),
    setWeights: (weights) => model.setWeights(weights),
    variables: () => model.trainableVariables,
  }
}

function trainedModule(model: torch.nn.Module): TrainedModel {
  const forward = (x: tf.Tensor) => torch.noGrad(() => model.forward(new torch.Tensor(x)).value)
  const predict = predictor(forward)
  return {
    forward: (x) => inEvaluation(model, () => forward(x)),
    // Around the call and not in it: the mode is then what the graph is made for, and found at each prediction.
    predict: (x) => inEvaluation(model, () => predict(x)),
    weights: () => model.weights(),
    setWeights: (weights) => model.loadStateDict(weights),
    variables: () => model.namedParameters().map(([name, { variable }]) => ({ name, variable })),
  }
}

/** Calls `run` with all modules in evaluation mode; each is then in the mode that it was in. */
function inEvaluation<T>(model: torch.nn.Module, run: () => T): T {
  const modes = model.modules().map((module) => [module, module.training] as const)
  model.eval()
  try {
    return run()
  } finally {
    for (const [module, isTraining] of modes) module.training = isTraining
  }
}

/** Predicts where the lane's steps run, with one forward pass: a static lane compiles its predictions too. */
function predictor(forward: (x: tf.Tensor) => tf.Tensor): TrainedModel['predict'] {
  let compiled: CompiledFunction | null = null
  return async (x) => {
    const session = currentSession()
    if (currentRun().execution === 'eager' || !session) return readArray(forward(toTensor(x)))
    compiled ??= session.compile('predict', { isInstrument: true })
    const step = compiled.call([x], ([input]) => (input ? [forward(input)] : []))
    const [output] = await step.force()
    return {
      values: Float32Array.from(output?.values ?? []),
      shape: output?.shape ?? [],
      dtype: 'float32',
    }
  }
}

function toTensor({ values, shape, dtype }: NdArray): tf.Tensor {
  return tf.tensor(values, [...shape], dtype)
}

async function readArray(tensor: tf.Tensor): Promise<NdArray> {
  const values = Float32Array.from(await readBack(tensor))
  return { values, shape: tensor.shape, dtype: 'float32' }
}
