/** The layer that looks up a vector for every integer. */
import { safeIndices } from '../../eager/indexRange'
import { tf } from '../../eager/tfjs'
import { only } from '../../util/kinds'
import type { Shape } from '../../util/shapes'
import { parameters, type Given } from '../../util/parameters'
import type { ArrayData } from '../arrays'
import { toInitializer, type Initializer } from '../initializers'
import { count, list } from '../kinds'
import { regularised, toRegularizer, type Regularizers } from '../regularizers'
import { Layer, madeVariable, type LayerWeight } from './layer'
import { initializer, noConstraint, regularizer } from './layerKinds'
import { adapterParameters, plainLayerParameters } from './layerParameters'

const embedding = parameters('Embedding', {
  ...plainLayerParameters,
  /** How many integers there are: from 0 to inputDim − 1. */
  inputDim: count,
  /** Size of each vector. */
  outputDim: count,
  /** Draws the first table. */
  embeddingsInitializer: initializer.or('uniform'),
  /** Adds a penalty on the table to the loss. */
  embeddingsRegularizer: regularizer.or(null),
  /** Weights have no constraints. */
  embeddingsConstraint: noConstraint,
  /** Sequences have no masks. */
  maskZero: only(false, 'Leave it out: sequences have no masks here.'),
  /** The first table itself, in a list: [[[…], …]]. */
  weights: list<readonly ArrayData[]>('a list with the table').or(null),
  ...adapterParameters,
})

/**
 * Row i of the table for every integer i: [batch, length] -> [batch, length, outputDim].
 * The table [inputDim, outputDim] starts uniform in ±0.05. Source: keras.layers.Embedding.
 */
export class Embedding extends Layer {
  readonly className = 'Embedding'
  readonly inputDim: number
  readonly outputDim: number
  readonly #initializer: Initializer
  readonly #regularizers: Regularizers
  readonly #first: readonly ArrayData[] | null
  #table: tf.Variable | null = null

  constructor(...given: Given<typeof embedding.table>) {
    const { inputDim, outputDim, embeddingsInitializer, embeddingsRegularizer, weights, ...options } =
      embedding.read(given)
    super('Embedding', null, { ...options, inputDim: null })
    this.inputDim = inputDim
    this.outputDim = outputDim
    this.#initializer = toInitializer('Embedding embeddingsInitializer', embeddingsInitializer)
    this.#regularizers = {
      embeddings: toRegularizer('Embedding embeddingsRegularizer', embeddingsRegularizer),
    }
    this.#first = weights
  }

  override get weights(): readonly LayerWeight[] {
    const table = this.#table
    return regularised(
      table ? [{ name: 'embeddings', variable: table, isEmbedding: true }] : [],
      this.#regularizers,
    )
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
    if (this.#first) this.setWeights(this.#first)
    return [...inputShape, this.outputDim]
  }
}
