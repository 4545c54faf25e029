/** Weights and optimizer slots on the host, so that a lost device does not lose the training. */
import type { ModelWeights } from '../nn/weights'
import type { OptimizerState } from '../optim/optimizer'
import type { TrainedModel, TrainedOptimizer } from './trained'

export interface Checkpoint {
  readonly step: number
  /** Milliseconds trained until then. */
  readonly trainedMs: number
  readonly weights: ModelWeights
  readonly optimizer: OptimizerState | null
}

export async function takeCheckpoint(
  at: { readonly step: number; readonly trainedMs: number },
  model: TrainedModel,
  optimizer: TrainedOptimizer | null,
): Promise<Checkpoint> {
  return { ...at, weights: await model.weights(), optimizer: (await optimizer?.state()) ?? null }
}

export function restoreCheckpoint(
  { weights, optimizer: state }: Checkpoint,
  model: TrainedModel,
  optimizer: TrainedOptimizer | null,
): void {
  model.setWeights(weights)
  if (state) optimizer?.setState(state)
}
