/** State dicts: values by name, and what of them fits a module. */
import type { NdArray } from '../../data/types'
import { readBack } from '../../eager/readBack'
import { tf } from '../../eager/tfjs'
import type { ImageShape, ModelWeights } from '../../nn/weights'
import { matchWeights, type ExpectedWeight } from '../../nn/weightLayouts'
import { describeValue } from '../../util/describeValue'
import { ArgumentError } from '../../util/errors'
import { isSameShape, printShape, type Shape } from '../../util/shapes'
import type { Buffer, Parameter } from '../parameter'
import { Tensor } from '../tensor'

/** Values by name of parameter or buffer, as `stateDict()` gives them. */
export type StateDict = Readonly<Record<string, Tensor | NdArray>>

/** A parameter or buffer, and its name in a state dict. */
type NamedState = readonly [name: string, tensor: Parameter | Buffer]

/** What a loaded state lacked and what it had besides. Source: torch.nn.modules.module._IncompatibleKeys. */
export interface IncompatibleKeys {
  readonly missingKeys: readonly string[]
  readonly unexpectedKeys: readonly string[]
}

/** New values of one parameter; the tensor belongs to the caller's scope. */
interface Incoming {
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

/** New values by position, from either layout. */
export function fromModelWeights(weights: ModelWeights, named: readonly NamedState[]): readonly Incoming[] {
  const expected = named.map(([name, { shape, flattenedFrom, isEmbedding, recurrent }]): ExpectedWeight => {
    return { name, shape, flattenedFrom, isEmbedding, recurrent }
  })
  return matchWeights('loadStateDict', weights, 'torch', expected).weights.map((weight) => {
    return { value: toTensor(weight), flattenedFrom: weight.flattenedFrom }
  })
}

/** Assigns new values, in the order of the names; a null changes nothing. */
export function takeOver(named: readonly NamedState[], incoming: () => readonly (Incoming | null)[]): void {
  tf.tidy(() => {
    const weights = incoming()
    for (const [index, [, tensor]] of named.entries()) {
      const weight = weights[index]
      if (!weight) continue
      tensor.variable.assign(tf.cast(weight.value, tensor.dtype))
      tensor.flattenedFrom ??= weight.flattenedFrom
    }
  })
}

/** Copies on the host, in PyTorch's layout. All reads begin at once, so that no update comes between two of them. */
export async function readWeights(named: readonly NamedState[]): Promise<ModelWeights> {
  const reading = named.map(async ([name, { shape, value, flattenedFrom, isEmbedding, recurrent }]) => ({
    name,
    shape,
    flattenedFrom,
    isEmbedding,
    recurrent,
    values: Float32Array.from(await readBack(value)),
  }))
  return { layout: 'torch', weights: await Promise.all(reading) }
}

function toTensor({ values, shape }: Pick<NdArray, 'values' | 'shape'>): tf.Tensor {
  return tf.tensor(Float32Array.from(values), [...shape], 'float32')
}
