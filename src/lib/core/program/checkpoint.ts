/** Where a run stands, on the host: from here it can go on elsewhere, be it on another backend or in another execution. */
import type { ModelWeights } from '../nn/weights'
import { randomState, type RandomCounters } from '../nn/randomState'
import type { OptimizerState } from '../optim/optimizer'
import { fittingState, fitWeights, type Fit } from './fitWeights'
import type { TrainedModel, TrainedOptimizer } from './trained'

/** How far a run has come. */
export interface Progress {
  readonly step: number
  readonly epoch: number
  /** Batches that were begun, of training and validation: the next part of the run leaves them out. */
  readonly batches: number
  /** Milliseconds trained until then. */
  readonly trainedMs: number
}

/** From here a run can go on. */
export interface Checkpoint extends Progress {
  readonly weights: ModelWeights
  /** Names of the weights that the optimizer updates, in the order of its slots. */
  readonly trainable: readonly string[]
  readonly optimizer: OptimizerState | null
  readonly random: RandomCounters
}

/** Reads weights, slots and random state back. */
export async function takeCheckpoint(
  progress: Progress,
  model: TrainedModel,
  optimizer: TrainedOptimizer | null,
): Promise<Checkpoint> {
  const random = randomState.counters()
  return {
    ...progress,
    random,
    weights: await model.weights(),
    trainable: trainedNames(model, optimizer),
    optimizer: (await optimizer?.state()) ?? null,
  }
}

/** Goes on from a checkpoint; a model that was changed since keeps what fits. */
export async function restoreCheckpoint(
  { weights: earlier, optimizer: state, trainable, random }: Checkpoint,
  model: TrainedModel,
  optimizer: TrainedOptimizer | null,
): Promise<Fit> {
  const { layout, weights } = await model.weights()
  const fit = fitWeights(earlier.weights, weights)
  const kept = new Map(earlier.weights.map((weight) => [weight.name, weight.values]))
  const restored = weights.map((weight) => {
    return { ...weight, values: kept.get(fit.kept.get(weight.name) ?? '') ?? weight.values }
  })
  model.setWeights({ layout, weights: restored })
  if (state) {
    const names = trainedNames(model, optimizer).map((name) => fit.kept.get(name))
    optimizer?.setState(fittingState(state, trainable, names))
  }
  randomState.restoreCounters(random)
  return fit
}

/** A program may train some of the model's weights only, and in any order. */
function trainedNames(model: TrainedModel, optimizer: TrainedOptimizer | null): string[] {
  const own = model.variables()
  const names = new Map(own.map(({ name, variable }) => [variable, name]))
  const trained = optimizer?.variables() ?? own.map(({ variable }) => variable)
  return trained.map((variable) => names.get(variable) ?? '')
}
