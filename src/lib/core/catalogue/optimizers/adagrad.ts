/** `Adagrad`. */
import { option } from '../calls'
import { explicit, printDefault, type PerStyle } from '../dialect'
import { above0, leftToFrameworks, upTo } from '../settings'
import { plainRate, type KerasUpdate } from './kerasUpdate'
import { optimizerRecord } from './record'
import { coupledDecay, decayDifference, plain, rate } from './shared'

/** Source: keras.optimizers.Adagrad, torch.optim.Adagrad. */
export const adagradEpsilon: PerStyle = { keras: 1e-7, torch: 1e-10 }

/** What the sum of squared gradients starts from. Source: keras.optimizers.Adagrad, torch.optim.Adagrad. */
export const initialAccumulator: PerStyle = { keras: 0.1, torch: 0 }

/**
 * s = s + g²;  w −= lr·g / √(s + ε)
 * Source: keras/src/optimizers/adagrad.py.
 */
export const kerasAdagrad: KerasUpdate = {
  doc: 'As Keras: eps inside the root, weight decay on the weights.',
  slots: ['accumulator'],
  rate: plainRate,
  weight(math, { option, weight, gradient, rate, slot, keep }) {
    const sum = keep('accumulator', math.add(slot('accumulator'), math.square(gradient)))
    const root = math.sqrt(math.add(sum, option('epsilon')))
    return math.sub(weight, math.div(math.mul(gradient, rate), root))
  },
}

/** The record of Adagrad. */
export const adagrad = optimizerRecord(
  'adagrad',
  {
    ...rate,
    initialAccumulator: leftToFrameworks(upTo('Initial sum', 10), initialAccumulator),
    epsilon: leftToFrameworks(above0('Epsilon', 1), adagradEpsilon),
    weightDecay: coupledDecay,
  },
  {
    ...plain,
    label: 'Adagrad',
    kerasUpdate: kerasAdagrad,
    fresh: { learningRate: 0.1, weightDecay: 0 },
    keras: (optimizer, dialect) => [
      ...option(
        'initialAccumulatorValue',
        explicit(optimizer.initialAccumulator, initialAccumulator, dialect),
      ),
      ...option('epsilon', explicit(optimizer.epsilon, adagradEpsilon, dialect)),
    ],
    torch: (optimizer, dialect) => [
      ...option(
        'initialAccumulatorValue',
        explicit(optimizer.initialAccumulator, initialAccumulator, dialect),
      ),
      ...option('eps', explicit(optimizer.epsilon, adagradEpsilon, dialect)),
    ],
    differences(optimizer) {
      const { keras, torch } = adagradEpsilon
      const start = initialAccumulator
      return [
        `Adagrad: epsilon ${printDefault(keras)} inside the root in Keras, ${printDefault(torch)} outside it in PyTorch`,
        `Adagrad: the sum of squares starts from ${start.keras} in Keras, from ${start.torch} in PyTorch`,
        ...decayDifference(optimizer),
      ]
    },
  },
)
