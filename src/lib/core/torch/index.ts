/** The module 'tandem/torch'. */
import { randomState } from '../nn/randomState'

export { noGrad } from './autograd'
export { compile } from './compile'
export { ones, tensor, zeros } from './creation'
export { DataLoader } from './dataLoader'
export * as nn from './nn/index'
export * as optim from './optim'
export { Tensor } from './tensor'

/** Seeds weights, dropout and batch order, and starts their counts over. */
export function manualSeed(seed: number): void {
  randomState.seed(seed)
}
