/** `Adam` and `AdamW`. */
import { option, unless, type Options } from '../calls'
import { explicit, printDefault, type Dialect, type PerStyle } from '../dialect'
import { above0, belowOne, leftToFrameworks, upTo, withDefault } from '../settings'
import { average, type KerasUpdate } from './kerasUpdate'
import { optimizerRecord } from './record'
import { coupledDecay, decayDifference, plain, rate } from './shared'

/** Source: keras.optimizers.Adam, torch.optim.Adam. */
export const adamEpsilon: PerStyle = { keras: 1e-7, torch: 1e-8 }

/** Source: keras.optimizers.AdamW, torch.optim.AdamW. */
export const adamwDecay: PerStyle = { keras: 0.004, torch: 0.01 }

/**
 * m = β₁m + (1−β₁)g;  v = β₂v + (1−β₂)g²;  w −= lr·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε); with amsgrad the largest v so far.
 * Source: keras/src/optimizers/adam.py.
 */
export const kerasAdam: KerasUpdate = {
  doc: 'As Keras: eps outside the bias correction, weight decay on the weights.',
  slots: ['m', 'v'],
  rate(math, learningRate, option, t) {
    const root = math.sqrt(math.sub(math.one, math.power(option('beta2'), t)))
    return math.div(math.mul(learningRate, root), math.sub(math.one, math.power(option('beta1'), t)))
  },
  weight(math, values) {
    const { option, choose, weight, gradient, rate, slot, keep } = values
    const m = average(math, values, { name: 'm', kept: option('beta1'), of: gradient })
    const v = average(math, values, { name: 'v', kept: option('beta2'), of: math.square(gradient) })
    const largest = choose(
      'amsgrad',
      () => keep('vMax', math.maximum(slot('vMax'), v)),
      () => v,
    )
    const root = math.add(math.sqrt(largest), option('epsilon'))
    return math.sub(weight, math.div(math.mul(m, rate), root))
  },
}

const entries = {
  ...rate,
  beta1: withDefault(belowOne('Beta 1', 0.999999), 0.9),
  beta2: withDefault(belowOne('Beta 2', 0.999999), 0.999),
  epsilon: leftToFrameworks(above0('Epsilon', 1), adamEpsilon),
}

interface Moments {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon?: number | undefined
}

const calls = {
  keras: ({ beta1, beta2, epsilon }: Moments, dialect: Dialect): Options => [
    ...unless('beta1', beta1, 0.9),
    ...unless('beta2', beta2, 0.999),
    ...option('epsilon', explicit(epsilon, adamEpsilon, dialect)),
  ],
  torch: ({ beta1, beta2, epsilon }: Moments, dialect: Dialect): Options => [
    ...(beta1 === 0.9 && beta2 === 0.999 ? [] : [['betas', `[${beta1}, ${beta2}]`] as const]),
    ...option('eps', explicit(epsilon, adamEpsilon, dialect)),
  ],
}

function epsilonDifference(label: string): string {
  const { keras, torch } = adamEpsilon
  return `${label}: epsilon ${printDefault(keras)} outside the bias correction in Keras, ${printDefault(torch)} inside it in PyTorch`
}

/** The record of Adam. */
export const adam = optimizerRecord(
  'adam',
  { ...entries, weightDecay: coupledDecay },
  {
    ...plain,
    ...calls,
    label: 'Adam',
    kerasUpdate: kerasAdam,
    fresh: { learningRate: 0.03, beta1: 0.9, beta2: 0.999, weightDecay: 0 },
    differences: (optimizer) => [epsilonDifference('Adam'), ...decayDifference(optimizer)],
  },
)

/** The record of AdamW. */
export const adamw = optimizerRecord(
  'adamw',
  { ...entries, weightDecay: withDefault(upTo('Weight decay', 1, 'Decoupled in both frameworks'), 0.01) },
  {
    ...plain,
    ...calls,
    label: 'AdamW',
    kerasUpdate: kerasAdam,
    fresh: { learningRate: 0.03, beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
    defaultDecay: adamwDecay,
    isDecoupled: true,
    differences: () => [epsilonDifference('AdamW')],
  },
)
