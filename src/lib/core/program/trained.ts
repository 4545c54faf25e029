/** What the lane needs of the exported model and optimizer, whichever style they are written in. */
import type { NdArray } from '../data/types'
import type { tf } from '../eager/tfjs'
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
  predict(x: NdArray): NdArray
  weights(): ModelWeights
  setWeights(weights: ModelWeights): void
  /** Trainable weights in construction order. */
  variables(): readonly NamedVariable[]
  /** Frees gradients that the model keeps. */
  dispose(): void
}

/** An optimizer in training. */
export interface TrainedOptimizer {
  setLearningRate(learningRate: number): void
  state(): OptimizerState
  setState(state: OptimizerState): void
}
