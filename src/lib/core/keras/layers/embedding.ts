/** The layer that looks up a vector for every integer. */
import { safeIndices } from '../../eager/indexRange'
import { tf } from '../../eager/tfjs'
import type { Shape } from '../../util/shapes'
import { toInitializer, type Initializer, type InitializerName } from '../initializers'
import { assertOptions, type Spelling } from '../names'
import {
  assertPositiveInteger,
  Layer,
  layerOptions,
  madeVariable,
  type LayerOptions,
  type LayerWeight,
} from './layer'

export interface EmbeddingOptions extends LayerOptions {
  readonly embeddingsInitializer?: Initializer | Spelling<InitializerName>
}

/**
 * Row i of the table for every integer i: [batch, length] -> [batch, length, outputDim].
 * The table [inputDim, outputDim] starts uniform in ±0.05. Source: keras.layers.Embedding.
 */
export class Embedding extends Layer {
  readonly className = 'Embedding'
  readonly #initializer: Initializer
  #table: tf.Variable | null = null

  constructor(
    readonly inputDim: number,
    readonly outputDim: number,
    options: EmbeddingOptions = {},
  ) {
    assertOptions('Embedding', options, ['embeddingsInitializer', ...layerOptions])
    super('Embedding', undefined, options)
    assertPositiveInteger('Embedding', 'inputDim', inputDim)
    assertPositiveInteger('Embedding', 'outputDim', outputDim)
    const { embeddingsInitializer = 'uniform' } = options
    this.#initializer = toInitializer('Embedding embeddingsInitializer', embeddingsInitializer)
  }

  override get weights(): readonly LayerWeight[] {
    return this.#table ? [{ name: 'embeddings', variable: this.#table, isEmbedding: true }] : []
  }

  protected override call(x: tf.Tensor): tf.Tensor {
    if (!this.#table) return x
    const size = this.inputDim
    const fix = (value: number) => `Set inputDim to ${Math.max(size, value + 1)}, or correct the data.`
    const range = { where: this.name || 'Embedding', size, what: 'entries', isTruncated: true, fix }
    return tf.gather(this.#table, safeIndices(x, range))
  }

  protected override buildFor(inputShape: Shape): Shape {
    const shape = [this.inputDim, this.outputDim]
    this.#table = madeVariable(this.#initializer.values(shape), shape)
    return [...inputShape, this.outputDim]
  }
}
