/** The layer that looks up a vector for every integer. */
import { randomState } from '../../nn/randomState'
import { normal } from '../../util/random'
import { axisOf } from '../axes'
import { argumentsOf, type Arguments } from '../options'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import { assertCount } from './functional/checks'
import { embedding } from './functional/layers'
import { Module } from './module'

export interface EmbeddingOptions {
  readonly numEmbeddings?: number
  readonly embeddingDim?: number
  /** An entry that starts as zeros and that no gradient goes to. */
  readonly paddingIdx?: number | null
}

/**
 * Row i of the weight for every integer i: [...] to [..., embeddingDim].
 * The weight [numEmbeddings, embeddingDim] starts standard normal. Source: torch.nn.Embedding.
 */
export class Embedding extends Module {
  readonly weight: Parameter
  readonly paddingIdx: number | null

  readonly numEmbeddings: number
  readonly embeddingDim: number

  /** Takes numEmbeddings, embeddingDim and paddingIdx by position, as PyTorch does, or by name. */
  constructor(...given: Arguments<EmbeddingOptions>) {
    super()
    const options = argumentsOf('Embedding', given, ['numEmbeddings', 'embeddingDim', 'paddingIdx'])
    const { numEmbeddings = NaN, embeddingDim = NaN } = options
    this.numEmbeddings = numEmbeddings
    this.embeddingDim = embeddingDim
    assertCount('Embedding', 'numEmbeddings', numEmbeddings)
    assertCount('Embedding', 'embeddingDim', embeddingDim)
    const random = randomState.nextInitialiser()
    const values = Float32Array.from({ length: numEmbeddings * embeddingDim }, () => normal(random))
    const { paddingIdx = null } = options
    this.paddingIdx = paddingIdx === null ? null : axisOf('Embedding, paddingIdx', paddingIdx, numEmbeddings)
    if (this.paddingIdx !== null) {
      values.fill(0, this.paddingIdx * embeddingDim, (this.paddingIdx + 1) * embeddingDim)
    }
    this.weight = new Parameter(values, [numEmbeddings, embeddingDim], { isEmbedding: true })
  }

  forward(x: Tensor): Tensor {
    const { weight, paddingIdx } = this
    return this.inLayer('Embedding', () => embedding(x, weight, { paddingIdx }))
  }
}
