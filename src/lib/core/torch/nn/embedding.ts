/** The layer that looks up a vector for every integer. */
import { randomState } from '../../nn/randomState'
import { parameters, type Given } from '../../util/parameters'
import { normal } from '../../util/random'
import { axisOf } from '../axes'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import { oneInput, type OneInput } from './forward'
import { embedding, lookup } from './functional/layers'
import { count, placement } from './kinds'
import { Module } from './module'
import { keepParameters } from './parameterField'

const embeddingParameters = parameters('Embedding', {
  /** Entries of the table. */
  numEmbeddings: count,
  /** Size of each entry's vector. */
  embeddingDim: count,
  ...lookup,
  // Private ones stand before them in PyTorch.
  device: placement.device.named,
  dtype: placement.dtype.named,
})
const embeddingForward = oneInput('Embedding')

/**
 * Row i of the weight for every integer i: [...] to [..., embeddingDim].
 * The weight [numEmbeddings, embeddingDim] starts standard normal. Source: torch.nn.Embedding.
 */
export class Embedding extends Module {
  readonly weight: Parameter
  readonly paddingIdx: number | null

  readonly numEmbeddings: number
  readonly embeddingDim: number

  constructor(...given: Given<typeof embeddingParameters.table>) {
    super()
    const { numEmbeddings, embeddingDim, paddingIdx } = embeddingParameters.read(given)
    this.numEmbeddings = numEmbeddings
    this.embeddingDim = embeddingDim
    const random = randomState.nextInitialiser()
    const values = Float32Array.from({ length: numEmbeddings * embeddingDim }, () => normal(random))
    this.paddingIdx = paddingIdx === null ? null : axisOf('Embedding, paddingIdx', paddingIdx, numEmbeddings)
    if (this.paddingIdx !== null) {
      values.fill(0, this.paddingIdx * embeddingDim, (this.paddingIdx + 1) * embeddingDim)
    }
    this.weight = new Parameter(values, [numEmbeddings, embeddingDim], { isEmbedding: true })
    keepParameters(this)
  }

  forward(...given: OneInput): Tensor {
    const { input } = embeddingForward.read(given)
    const { weight, paddingIdx } = this
    return this.inLayer('Embedding', () => embedding(input, weight, { paddingIdx }))
  }
}
