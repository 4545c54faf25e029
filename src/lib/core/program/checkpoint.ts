/** Weights and optimizer slots on the host, so that a lost device does not lose the training. */
import type { ModelWeights } from '../nn/weights'
import type { TrainedModel, TrainedOptimizer } from './trained'

/** What an optimizer carries from step to step. */
export interface OptimizerState {
  readonly iterations: number
  /** Values of the slots in the optimizer's own order; empty before the first update. */
  readonly slots: readonly Float32Array[]
}

export interface Checkpoint {
  readonly step: number
  readonly weights: ModelWeights
  readonly optimizer: OptimizerState | null
}

export function takeCheckpoint(
  step: number,
  model: TrainedModel,
  optimizer: TrainedOptimizer | null,
): Checkpoint {
  return { step, weights: model.weights(), optimizer: optimizer?.state() ?? null }
}

export function restoreCheckpoint(
  { weights, optimizer: state }: Checkpoint,
  model: TrainedModel,
  optimizer: TrainedOptimizer | null,
): void {
  model.setWeights(weights)
  if (state) optimizer?.setState(state)
}
