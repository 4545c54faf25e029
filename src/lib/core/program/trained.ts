/** What the lane needs of the exported model and optimizer, whichever style they are written in. */
import type { NdArray } from '../data/types'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import * as keras from '../keras/index'
import type { ModelWeights } from '../nn/weights'
import type { OptimizerState } from '../optim/optimizer'
import * as torch from '../torch/index'

export interface NamedVariable {
  readonly name: string
  readonly variable: tf.Variable
}

/** A model in training. */
export interface TrainedModel {
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
}

/** The exported `model` if it is one; null otherwise. */
export function asTrainedModel(exported: unknown): TrainedModel | null {
  if (exported instanceof keras.Sequential) return trainedSequential(exported)
  if (exported instanceof torch.nn.Module) return trainedModule(exported)
  return null
}

/** The exported `optimizer` if it is one; null otherwise. */
export function asTrainedOptimizer(exported: unknown): TrainedOptimizer | null {
  if (exported instanceof keras.Optimizer || exported instanceof torch.optim.Optimizer) {
    return {
      setLearningRate: (learningRate) => (exported.learningRate = learningRate),
      state: () => exported.state(),
      setState: (state) => exported.setState(state),
    }
  }
  return null
}

function trainedSequential(model: keras.Sequential): TrainedModel {
  return {
    predict: (x) => readArray(model.apply(toTensor(x))),
    weights: () => model.weights(),
    setWeights: (weights) => model.setWeights(weights),
    variables: () => model.trainableVariables,
  }
}

function trainedModule(model: torch.nn.Module): TrainedModel {
  return {
    predict: (x) => {
      const wasTraining = model.training
      model.eval()
      try {
        return readArray(torch.noGrad(() => model.forward(torch.tensor(x)).value))
      } finally {
        model.train(wasTraining)
      }
    },
    weights: () => model.weights(),
    setWeights: (weights) => model.loadStateDict(weights),
    variables: () => model.namedParameters().map(([name, { variable }]) => ({ name, variable })),
  }
}

function toTensor({ values, shape, dtype }: NdArray): tf.Tensor {
  return tf.tensor(values, [...shape], dtype)
}

async function readArray(tensor: tf.Tensor): Promise<NdArray> {
  const values = Float32Array.from(await readBack(tensor))
  return { values, shape: tensor.shape, dtype: 'float32' }
}
