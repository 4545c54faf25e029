/** Tensors that a module keeps from step to step: those it learns and those it keeps track of. */
import { tf } from '../eager/tfjs'
import type { RecurrentPart } from '../nn/weights'
import { flag } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import type { Shape } from '../util/shapes'
import { tensor } from './kinds'
import { Tensor } from './tensor'

interface StorageOptions {
  readonly isTrainable?: boolean
  readonly isEmbedding?: boolean | undefined
  readonly recurrent?: RecurrentPart | undefined
}

/** A tensor whose values are held in a tfjs variable. Methods that end in `_` change them in place. */
abstract class StoredTensor extends Tensor {
  readonly #variable: tf.Variable
  /** A table of vectors, [entries, features] in both layouts. */
  readonly isEmbedding: boolean | undefined
  /** What it is in a recurrent cell, whose gates and biases the layouts order differently. */
  readonly recurrent: RecurrentPart | undefined

  protected constructor(
    values: Float32Array | Tensor | tf.Variable,
    shape: Shape,
    { isTrainable = true, isEmbedding, recurrent }: StorageOptions = {},
  ) {
    const isMade = !(values instanceof Tensor) && values instanceof tf.Variable
    const variable = isMade ? values : variableOf(values, shape, isTrainable)
    super(variable, isTrainable ? 'leaf' : 'constant')
    this.#variable = variable
    this.isEmbedding = isEmbedding
    this.recurrent = recurrent
  }

  /** Holds the values; assigned to by optimizers and by modules. */
  override get variable(): tf.Variable {
    return this.#variable
  }

  /** Replaces the values; the shape stays. */
  assign(values: Float32Array): void {
    tf.tidy(() => this.variable.assign(tf.tensor(values, [...this.shape], 'float32')))
  }
}

/** Parameters are float32; what is not learned keeps its type. */
function variableOf(values: Float32Array | Tensor, shape: Shape, isTrainable: boolean): tf.Variable {
  const initial =
    values instanceof Tensor
      ? tf.cast(values.value, isTrainable ? 'float32' : values.dtype)
      : tf.tensor(values, [...shape], 'float32')
  const variable = tf.variable(initial, isTrainable)
  initial.dispose()
  return variable
}

/** What a layer says of its own parameters. Not in PyTorch. */
type OwnOptions = Pick<StorageOptions, 'isEmbedding' | 'recurrent'>

/** Values and a shape, as layers make their parameters. Not in PyTorch. */
type Own = readonly [
  values: Float32Array | tf.Variable,
  shape: Shape,
  options?: OwnOptions,
  persistent?: boolean,
]

const isOwn = (given: readonly unknown[]): given is Own =>
  given[0] instanceof Float32Array || (!(given[0] instanceof Tensor) && given[0] instanceof tf.Variable)

const parameterParameters = parameters('Parameter', {
  /** The tensor whose values are copied. */
  data: tensor,
  /** False for a parameter that is frozen. */
  requiresGrad: flag.or(true),
})

/** A tensor that a module learns: made of a tensor, whose values it copies, or of values and a shape. */
export class Parameter extends StoredTensor {
  constructor(...given: Own | Given<typeof parameterParameters.table>) {
    if (isOwn(given)) {
      const [values, shape, options] = given
      super(values, shape, options)
    } else {
      const { data, requiresGrad } = parameterParameters.read(given)
      super(data, data.shape)
      if (!requiresGrad) this.requiresGrad = false
    }
  }
}

const bufferParameters = parameters('Buffer', {
  /** The tensor whose values are copied. */
  data: tensor,
  /** Whether it stands in the state dict. */
  persistent: flag.named.or(true),
})

/** A tensor that belongs to a module's state but is not learned, such as a running mean. Source: torch.nn.Buffer. */
export class Buffer extends StoredTensor {
  /** Whether it stands in the state dict. */
  readonly persistent: boolean

  constructor(...given: Own | Given<typeof bufferParameters.table>) {
    if (isOwn(given)) {
      const [values, shape, options, persistent = true] = given
      super(values, shape, { ...options, isTrainable: false })
      this.persistent = persistent
    } else {
      const { data, persistent } = bufferParameters.read(given)
      super(data, data.shape, { isTrainable: false })
      this.persistent = persistent
    }
  }
}

/** Takes the gradient away, so that the next backward() starts from nothing; otherwise it becomes zeros. */
export function clearGradient(cleared: Tensor, setToNone: boolean): void {
  const { gradient } = cleared
  if (setToNone || !gradient) cleared.grad = null
  else tf.tidy(() => cleared.replaceGrad(tf.zerosLike(gradient)))
}
