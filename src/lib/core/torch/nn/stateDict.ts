/** State dicts: values by name, and what of them fits a module. */
import type { NdArray } from '../../data/types'
import { tf } from '../../eager/tfjs'
import type { ImageShape, ModelWeights, Weight } from '../../nn/weights'
import { describeValue } from '../../util/describeValue'
import { ArgumentError } from '../../util/errors'
import { isSameShape, printShape, type Shape } from '../../util/shapes'
import { Tensor } from '../tensor'

/** Values by name of parameter or buffer, as `stateDict()` gives them. */
export type StateDict = Readonly<Record<string, Tensor | NdArray>>

/** What a loaded state lacked and what it had besides. Source: torch.nn.modules.module._IncompatibleKeys. */
export interface IncompatibleKeys {
  readonly missingKeys: readonly string[]
  readonly unexpectedKeys: readonly string[]
}

/** New values of one parameter; the tensor belongs to the caller's scope. */
export interface Incoming {
  readonly value: tf.Tensor
  readonly flattenedFrom?: ImageShape | undefined
}

/** Whether weights stand by position. */
export function isModelWeights(state: ModelWeights | StateDict): state is ModelWeights {
  return 'layout' in state && Array.isArray(state.weights)
}

/** The names that do not fit. Throws ArgumentError where all must. */
export function keysOf(
  state: StateDict,
  named: readonly [string, Tensor][],
  isStrict: boolean,
): IncompatibleKeys {
  const names = named.map(([name]) => name)
  const missingKeys = names.filter((name) => !(name in state))
  const unexpectedKeys = Object.keys(state).filter((name) => !names.includes(name))
  if (!isStrict || (missingKeys.length === 0 && unexpectedKeys.length === 0))
    return { missingKeys, unexpectedKeys }
  throw new ArgumentError(
    `loadStateDict: expected the keys ${names.join(', ')}, got ${Object.keys(state).join(', ')}. ` +
      'Load the state of a model with the same layers.',
  )
}

/** New values in the order of the names; null for one that the state lacks. */
export function fromStateDict(state: StateDict, named: readonly [string, Tensor][]): (Incoming | null)[] {
  return named.map(([name, { shape }]) => (name in state ? fromEntry(name, shape, state[name]) : null))
}

function fromEntry(name: string, expected: Shape, given: Tensor | NdArray | undefined): Incoming {
  if (given && !isValues(given)) {
    throw new ArgumentError(
      `loadStateDict: expected a tensor for '${name}', got ${describeValue(given, 60)}. ` +
        'To copy a state dict, write tensor.clone() for each of its entries.',
    )
  }
  if (given && isSameShape(given.shape, expected)) {
    // Tensors stay on the backend: reading them back would have to be awaited.
    return { value: given instanceof Tensor ? tf.cast(given.value, 'float32') : toTensor(given) }
  }
  throw new ArgumentError(
    `loadStateDict: expected shape ${printShape(expected)} for '${name}', ` +
      `got ${given ? printShape(given.shape) : 'nothing'}. Load the state of a model with the same layers.`,
  )
}

function isValues(given: unknown): given is Tensor | NdArray {
  return given instanceof Tensor || (typeof given === 'object' && given !== null && 'values' in given)
}

/** New values of weights by position. */
export function fromWeight(weight: Weight): Incoming {
  return { value: toTensor(weight), flattenedFrom: weight.flattenedFrom }
}

function toTensor({ values, shape }: Pick<NdArray, 'values' | 'shape'>): tf.Tensor {
  return tf.tensor(Float32Array.from(values), [...shape], 'float32')
}
