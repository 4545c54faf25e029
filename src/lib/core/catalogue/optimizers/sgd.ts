/** `SGD`, with momentum or without. */
import { SpecError } from '../../util/errors'
import { unless } from '../calls'
import { toggle, withDefault } from '../settings'
import { plainRate, type KerasUpdate } from './kerasUpdate'
import { optimizerRecord } from './record'
import { coupledDecay, decayDifference, momentum, plain, rate } from './shared'

const options = (optimizer: { readonly momentum: number; readonly nesterov: boolean }) => [
  ...unless('momentum', optimizer.momentum, 0),
  ...unless('nesterov', optimizer.nesterov, false),
]

/**
 * v = momentum·v − lr·g;  w += v           (Nesterov: w += momentum·v − lr·g)
 * Source: keras/src/optimizers/sgd.py.
 */
export const kerasSgd: KerasUpdate = {
  doc: 'As Keras: weight decay on the weights, not in the momentum.',
  slots: ['momentum'],
  rate: plainRate,
  weight(math, { option, choose, weight, gradient, rate, slot, keep }) {
    const step = math.mul(gradient, rate)
    return choose(
      'momentum',
      () => {
        const velocity = keep('momentum', math.sub(math.mul(slot('momentum'), option('momentum')), step))
        const ahead = () => math.sub(math.mul(velocity, option('momentum')), step)
        return math.add(
          weight,
          choose('nesterov', ahead, () => velocity),
        )
      },
      () => math.sub(weight, step),
    )
  },
}

/** The record of stochastic gradient descent. */
export const sgd = optimizerRecord(
  'sgd',
  { ...rate, momentum, nesterov: withDefault(toggle('Nesterov'), false), weightDecay: coupledDecay },
  {
    ...plain,
    label: 'SGD',
    kerasUpdate: kerasSgd,
    fresh: { learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 },
    keras: options,
    torch: options,
    hasTwoFormulations: (optimizer) => optimizer.momentum > 0 || optimizer.weightDecay > 0,
    differences: (optimizer) => [
      ...decayDifference(optimizer),
      ...(optimizer.momentum > 0 && optimizer.schedule !== undefined
        ? [
            'schedule: the velocity keeps the learning rates of its steps in Keras, and is multiplied by the latest in PyTorch',
          ]
        : []),
    ],
    check(optimizer) {
      if (!optimizer.nesterov || optimizer.momentum > 0) return
      throw new SpecError(
        'optimizer.nesterov',
        'expected false without momentum, got true. Set momentum to 0.9 or nesterov to false.',
      )
    },
    corrections: (optimizer) => (optimizer.momentum > 0 ? {} : { nesterov: false }),
    locked: (optimizer): Readonly<Record<string, string>> =>
      optimizer.momentum > 0 ? {} : { nesterov: 'Needs momentum above 0' },
  },
)
