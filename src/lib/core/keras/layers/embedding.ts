/** The layer that looks up a vector for every integer. */
import { tf } from '../../eager/tfjs'
import { uniform } from '../../nn/initialisers'
import { randomState } from '../../nn/randomState'
import type { Shape } from '../../util/shapes'
import { assertPositiveInteger, Layer, type LayerWeight } from './layer'

/**
 * Row i of the table for every integer i: [batch, length] -> [batch, length, outputDim].
 * The table [inputDim, outputDim] starts uniform in ±0.05. Source: keras.layers.Embedding.
 */
export class Embedding extends Layer {
  readonly className = 'Embedding'
  #table: tf.Variable | null = null

  constructor(
    readonly inputDim: number,
    readonly outputDim: number,
  ) {
    super('Embedding')
    assertPositiveInteger('Embedding', 'inputDim', inputDim)
    assertPositiveInteger('Embedding', 'outputDim', outputDim)
  }

  override get weights(): readonly LayerWeight[] {
    return this.#table ? [{ name: 'embeddings', variable: this.#table, isEmbedding: true }] : []
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    return this.#table ? tf.gather(this.#table, tf.cast(x, 'int32')) : x
  }

  protected override buildFor(inputShape: Shape): Shape {
    const shape = [this.inputDim, this.outputDim]
    const values = uniform(shape, 0.05, randomState.nextInitialiser())
    this.#table = tf.tidy(() => tf.variable(tf.tensor(values, shape)))
    return [...inputShape, this.outputDim]
  }
}
