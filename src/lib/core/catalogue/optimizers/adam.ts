/** `Adam` and `AdamW`. */
import { option, unless, type Options } from '../calls'
import { explicit, printDefault, type Dialect, type PerStyle } from '../dialect'
import { above0, belowOne, leftToFrameworks, upTo, withDefault } from '../settings'
import { optimizerRecord } from './record'
import { coupledDecay, decayDifference, plain, rate } from './shared'

/** Source: keras.optimizers.Adam, torch.optim.Adam. */
export const adamEpsilon: PerStyle = { keras: 1e-7, torch: 1e-8 }

/** Source: keras.optimizers.AdamW, torch.optim.AdamW. */
export const adamwDecay: PerStyle = { keras: 0.004, torch: 0.01 }

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
    fresh: { learningRate: 0.03, beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
    defaultDecay: adamwDecay,
    isDecoupled: true,
    differences: () => [epsilonDifference('AdamW')],
  },
)
