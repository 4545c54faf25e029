/** The layer that gives examples another shape. */
import { tf } from '../../eager/tfjs'
import type { ImageShape } from '../../nn/weights'
import { ShapeError } from '../../util/errors'
import { printShape, sizeOf, type Shape } from '../../util/shapes'
import { integerList } from '../../util/kinds'
import { parameters, type Given } from '../../util/parameters'
import { Layer } from './layer'
import { plainLayerParameters } from './layerParameters'

const reshape = parameters('Reshape', {
  /** Shape of an example, without the batch; one size may be −1. */
  targetShape: integerList,
  ...plainLayerParameters,
})

/** [batch, …] -> [batch, …targetShape], row by row; one size may be −1. Source: keras.layers.Reshape. */
export class Reshape extends Layer {
  readonly className = 'Reshape'

  readonly targetShape: Shape

  constructor(...given: Given<typeof reshape.table>) {
    const { targetShape, ...options } = reshape.read(given)
    super('Reshape', null, options)
    this.targetShape = targetShape
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    const [batch = 1, ...example] = x.shape
    return tf.reshape(x, [batch, ...this.#shapeFor(example)])
  }

  protected override buildFor(inputShape: Shape): Shape {
    return this.#shapeFor(inputShape)
  }

  /** The order of a flattened image is no longer that of a row. */
  protected override flattenedAfter(): ImageShape | undefined {
    return undefined
  }

  #shapeFor(inputShape: Shape): number[] {
    const size = sizeOf(inputShape)
    const known = this.targetShape.reduce((product, each) => (each === -1 ? product : product * each), 1)
    const shape = this.targetShape.map((each) => (each === -1 ? size / known : each))
    if (sizeOf(shape) === size && shape.every((each) => Number.isInteger(each) && each > 0)) return shape
    throw new ShapeError(
      `Reshape: expected a shape of ${size} elements, got [${this.targetShape.join(', ')}] for examples ${printShape(inputShape)}. ` +
        'Change one of the sizes, or make it −1.',
    )
  }
}
