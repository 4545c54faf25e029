/** The module 'tandem/torch'. Import what you need by name, or all of it: `import * as torch from 'tandem/torch'`. */
import { randomState } from '../nn/randomState'
import * as nn from './nn/index'
import { guardFieldsOf } from './nn/guardFields'
import { integer } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'

export { enableGrad, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from './autograd'
export { cuda, device } from './device'
export * from './dtypes'
export { compile } from './compile'
export {
  arange,
  asTensor,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  linspace,
  normal,
  ones,
  onesLike,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
  tensor,
  zeros,
  zerosLike,
} from './creation'
export { DataLoader } from './dataLoader'
export { randomSplit, Subset, TensorDataset } from './datasets'
export { Generator } from './generator'
export { Dataset } from './ownDataset'
export { load, save } from './savedFiles'
export * as autograd from './gradients'
export * from './functions'
export * as optim from './optim/index'
export * as lrScheduler from './optim/lrScheduler'
export { Tensor } from './tensor'
export { nn }

guardFieldsOf(Object.values(nn))

const seedParameters = parameters('manualSeed', { seed: integer })

/** Seeds weights, dropout, random tensors and batch order, and starts their counts over. */
export function manualSeed(...given: Given<typeof seedParameters.table>): void {
  randomState.seed(seedParameters.read(given).seed)
}
