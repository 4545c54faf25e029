/** `RMSprop`. */
import { option, unless } from '../calls'
import { explicit, printDefault, type PerStyle } from '../dialect'
import { above0, belowOne, leftToFrameworks, withDefault } from '../settings'
import { average, plainRate, type KerasUpdate } from './kerasUpdate'
import { optimizerRecord } from './record'
import { coupledDecay, decayDifference, momentum, plain, rate } from './shared'

/** Source: keras.optimizers.RMSprop, torch.optim.RMSprop. */
export const rmspropEpsilon: PerStyle = { keras: 1e-7, torch: 1e-8 }

/**
 * v = ρv + (1−ρ)g²;  b = momentum·b + lr·g/√(v + ε);  w −= b; centered: a = ρa + (1−ρ)g and v − a² in the place of v.
 * Source: keras/src/optimizers/rmsprop.py.
 */
export const kerasRmsprop: KerasUpdate = {
  doc: 'As Keras: eps inside the root, weight decay on the weights.',
  slots: ['squares', 'momentum'],
  rate: plainRate,
  weight(math, values) {
    const { option, choose, weight, gradient, rate, slot, keep } = values
    const kept = option('rho')
    const squares = average(math, values, { name: 'squares', kept, of: math.square(gradient) })
    const variance = choose(
      'centered',
      () => math.sub(squares, math.square(average(math, values, { name: 'average', kept, of: gradient }))),
      () => squares,
    )
    const step = math.div(math.mul(gradient, rate), math.sqrt(math.add(variance, option('epsilon'))))
    const velocity = () => keep('momentum', math.add(math.mul(slot('momentum'), option('momentum')), step))
    return math.sub(
      weight,
      choose('momentum', velocity, () => step),
    )
  },
}

/** The record of RMSprop. */
export const rmsprop = optimizerRecord(
  'rmsprop',
  {
    ...rate,
    rho: withDefault(
      belowOne('Rho', 0.999999, 'Share of the old average that is kept; alpha in PyTorch'),
      0.9,
    ),
    momentum,
    epsilon: leftToFrameworks(above0('Epsilon', 1), rmspropEpsilon),
    weightDecay: coupledDecay,
  },
  {
    ...plain,
    label: 'RMSprop',
    kerasUpdate: kerasRmsprop,
    fresh: { learningRate: 0.01, rho: 0.9, momentum: 0, weightDecay: 0 },
    keras: (optimizer, dialect) => [
      ...unless('rho', optimizer.rho, 0.9),
      ...unless('momentum', optimizer.momentum, 0),
      ...option('epsilon', explicit(optimizer.epsilon, rmspropEpsilon, dialect)),
    ],
    torch: (optimizer, dialect) => [
      ...unless('alpha', optimizer.rho, 0.99),
      ...option('eps', explicit(optimizer.epsilon, rmspropEpsilon, dialect)),
      ...unless('momentum', optimizer.momentum, 0),
    ],
    differences(optimizer) {
      const { keras, torch } = rmspropEpsilon
      const root = `RMSprop: epsilon ${printDefault(keras)} inside the root in Keras, ${printDefault(torch)} outside it in PyTorch`
      return [root, ...decayDifference(optimizer)]
    },
  },
)
