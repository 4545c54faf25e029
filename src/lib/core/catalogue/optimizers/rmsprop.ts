/** `RMSprop`. */
import { option, unless } from '../calls'
import { explicit, printDefault, type PerStyle } from '../dialect'
import { above0, belowOne, leftToFrameworks, withDefault } from '../settings'
import { optimizerRecord } from './record'
import { coupledDecay, decayDifference, momentum, plain, rate } from './shared'

/** Source: keras.optimizers.RMSprop, torch.optim.RMSprop. */
export const rmspropEpsilon: PerStyle = { keras: 1e-7, torch: 1e-8 }

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
