/** The optimizer's options in both styles. */
import type { OptimizerSpec, OptimizerType, Spec, Style } from '../spec/schema'
import {
  adamwDecay,
  explicit,
  formulationOption,
  initialAccumulator,
  option,
  optimizerEpsilon,
  unless,
  type Dialect,
} from './constants'
import type { Options } from './printCall'

/** The class of each optimizer, which is the same word in both frameworks. */
export const optimizerClasses: { readonly [T in OptimizerType]: string } = {
  sgd: 'SGD',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
}

type Of<T extends OptimizerType> = Extract<OptimizerSpec, { type: T }>
type Write<T extends OptimizerType> = (optimizer: Of<T>, dialect: Dialect) => Options
type Table = { readonly [T in OptimizerType]: Write<T> }

/** Between the learning rate and the weight decay, in the order of each framework's documentation. */
const tables: Readonly<Record<Style, Table>> = {
  keras: {
    sgd: momentumOptions,
    adam: kerasAdam,
    adamw: kerasAdam,
    rmsprop: (optimizer, dialect) => [
      ...unless('rho', optimizer.rho, 0.9),
      ...unless('momentum', optimizer.momentum, 0),
      ...option('epsilon', epsilonOf(optimizer, dialect)),
    ],
    adagrad: (optimizer, dialect) => [
      ...option('initialAccumulatorValue', accumulatorOf(optimizer, dialect)),
      ...option('epsilon', epsilonOf(optimizer, dialect)),
    ],
  },
  torch: {
    sgd: momentumOptions,
    adam: torchAdam,
    adamw: torchAdam,
    rmsprop: (optimizer, dialect) => [
      ...unless('alpha', optimizer.rho, 0.99),
      ...option('eps', epsilonOf(optimizer, dialect)),
      ...unless('momentum', optimizer.momentum, 0),
    ],
    adagrad: (optimizer, dialect) => [
      ...option('initialAccumulatorValue', accumulatorOf(optimizer, dialect)),
      ...option('eps', epsilonOf(optimizer, dialect)),
    ],
  },
}

/** Names the learning rate, and its source text where it is not the spec's number. */
export type RateOption = readonly [name: 'learningRate' | 'lr', source?: string | undefined]

/** All options of the optimizer's constructor. */
export function optimizerOptions(
  spec: Pick<Spec, 'optimizer'>,
  dialect: Dialect,
  [rate, source]: RateOption,
): Options {
  const { optimizer } = spec
  // The table's key is the optimizer's own type, which TypeScript cannot follow through the union.
  const write = tables[dialect.style][optimizer.type] as (
    optimizer: OptimizerSpec,
    dialect: Dialect,
  ) => Options
  return [
    [rate, source ?? String(optimizer.learningRate)],
    ...write(optimizer, dialect),
    ...unless('weightDecay', optimizer.weightDecay, defaultDecay(optimizer, dialect)),
    ...formulationOption(spec, dialect),
  ]
}

function momentumOptions({ momentum, nesterov }: Of<'sgd'>): Options {
  return [...unless('momentum', momentum, 0), ...unless('nesterov', nesterov, false)]
}

function kerasAdam(optimizer: Of<'adam' | 'adamw'>, dialect: Dialect): Options {
  const { beta1, beta2 } = optimizer
  const betas = [...unless('beta1', beta1, 0.9), ...unless('beta2', beta2, 0.999)]
  return [...betas, ...option('epsilon', epsilonOf(optimizer, dialect))]
}

function torchAdam(optimizer: Of<'adam' | 'adamw'>, dialect: Dialect): Options {
  const { beta1, beta2 } = optimizer
  const betas: Options = beta1 === 0.9 && beta2 === 0.999 ? [] : [['betas', `[${beta1}, ${beta2}]`]]
  return [...betas, ...option('eps', epsilonOf(optimizer, dialect))]
}

function epsilonOf(optimizer: Exclude<OptimizerSpec, { type: 'sgd' }>, dialect: Dialect): number | undefined {
  return explicit(optimizer.epsilon, optimizerEpsilon[optimizer.type], dialect)
}

function accumulatorOf(optimizer: Of<'adagrad'>, dialect: Dialect): number | undefined {
  return explicit(optimizer.initialAccumulator, initialAccumulator, dialect)
}

function defaultDecay({ type }: OptimizerSpec, { style }: Dialect): number {
  return type === 'adamw' ? adamwDecay[style] : 0
}
