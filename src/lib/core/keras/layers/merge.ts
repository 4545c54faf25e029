/** Layers that join several inputs. */
import { at } from '../../util/at'
import { tf } from '../../eager/tfjs'
import type { ImageShape } from '../../nn/weights'
import { ArgumentError, ShapeError } from '../../util/errors'
import { isSameShape, printShape, type Shape } from '../../util/shapes'
import { integer, taking } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import type { KerasTensor } from '../kerasTensor'
import { Layer } from './layer'
import { plainLayerParameters } from './layerParameters'

abstract class Merge extends Layer {
  protected override call(x: tf.Tensor): tf.Tensor {
    return x
  }

  protected override buildFor(inputShape: Shape): Shape {
    return inputShape
  }

  /** Several inputs are no row of one image any more. */
  protected override flattenedAfter(): ImageShape | undefined {
    return undefined
  }

  protected assertSeveral(inputShapes: readonly Shape[]): void {
    if (inputShapes.length > 1) return
    throw new ArgumentError(
      `${this.className}: expected a list of at least two inputs, got ${inputShapes.length}. Call it as apply([a, b]).`,
    )
  }
}

const add = parameters('Add', plainLayerParameters)

/** a + b + …, of one shape. Source: keras.layers.Add. */
export class Add extends Merge {
  readonly className = 'Add'

  constructor(...given: Given<typeof add.table>) {
    super('Add', null, add.read(given))
  }

  protected override callAll(inputs: readonly tf.Tensor[]): tf.Tensor {
    return inputs.slice(1).reduce((sum, input) => tf.add(sum, input), inputs[0] ?? tf.scalar(0))
  }

  protected override buildForAll(inputShapes: readonly Shape[]): Shape {
    this.assertSeveral(inputShapes)
    const [first = [], ...others] = inputShapes
    const other = others.find((shape) => !isSameShape(shape, first))
    if (!other) return first
    throw new ShapeError(
      `Add: expected inputs of one shape, got ${printShape(first)} and ${printShape(other)}. ` +
        'Bring them to one shape with a Dense or Conv2D layer first.',
    )
  }
}

const concatenate = parameters('Concatenate', {
  /** Counted with the batch axis, as in Keras; the last when left out. */
  axis: integer.or(-1),
  ...plainLayerParameters,
})

/** Inputs one behind the other along an axis. Source: keras.layers.Concatenate. */
export class Concatenate extends Merge {
  readonly className = 'Concatenate'
  readonly #axis: number

  constructor(...given: Given<typeof concatenate.table>) {
    const { axis, ...options } = concatenate.read(given)
    super('Concatenate', null, options)
    this.#axis = axis
  }

  protected override callAll(inputs: readonly tf.Tensor[]): tf.Tensor {
    return tf.concat([...inputs], this.#axis)
  }

  protected override buildForAll(inputShapes: readonly Shape[]): Shape {
    this.assertSeveral(inputShapes)
    const [first = []] = inputShapes
    const axis = this.#axis < 0 ? first.length + this.#axis : this.#axis - 1
    if (!Number.isInteger(axis) || axis < 0 || axis >= first.length) {
      throw new ArgumentError(
        `Concatenate: expected an axis from 1 to ${first.length}, or a negative one, got ${this.#axis}. The batch is axis 0.`,
      )
    }
    const rest = (shape: Shape) => shape.toSpliced(axis, 1)
    const other = inputShapes.find((shape) => !isSameShape(rest(shape), rest(first)))
    if (other) {
      throw new ShapeError(
        `Concatenate: expected inputs that differ along axis ${axis + 1} only, got ${printShape(first)} and ${printShape(other)}. ` +
          'Bring them to one shape first, or use another axis.',
      )
    }
    return first.with(
      axis,
      inputShapes.reduce((sum, shape) => sum + at(shape, axis), 0),
    )
  }
}

const inputs = taking<readonly KerasTensor[] | readonly tf.Tensor[]>('a list of inputs', Array.isArray)
const addInputs = parameters('layers.add', { inputs, ...plainLayerParameters })
const concatenateInputs = parameters('layers.concatenate', {
  inputs,
  /** Counted with the batch axis; the last when left out. */
  axis: integer.or(-1),
  ...plainLayerParameters,
})

/** `new Add().apply(inputs)` in one call. Source: keras.layers.add. */
export function addOf(...given: Given<typeof addInputs.table>): KerasTensor | tf.Tensor {
  const { inputs, ...options } = addInputs.read(given)
  return new Add(options).apply(inputs as readonly KerasTensor[])
}

/** `new Concatenate().apply(inputs)` in one call. Source: keras.layers.concatenate. */
export function concatenateOf(...given: Given<typeof concatenateInputs.table>): KerasTensor | tf.Tensor {
  const { inputs, ...options } = concatenateInputs.read(given)
  return new Concatenate(options).apply(inputs as readonly KerasTensor[])
}
