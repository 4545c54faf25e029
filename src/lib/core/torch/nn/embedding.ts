/** The layer that looks up a vector for every integer. */
import { tf } from '../../eager/tfjs'
import { randomState } from '../../nn/randomState'
import { normal } from '../../util/random'
import { Parameter } from '../parameter'
import { result, type Tensor } from '../tensor'
import { assertCount } from './linear'
import { Module } from './module'

/**
 * Row i of the weight for every integer i: [...] to [..., embeddingDim].
 * The weight [numEmbeddings, embeddingDim] starts standard normal. Source: torch.nn.Embedding.
 */
export class Embedding extends Module {
  readonly weight: Parameter

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
  ) {
    super()
    assertCount('Embedding', 'numEmbeddings', numEmbeddings)
    assertCount('Embedding', 'embeddingDim', embeddingDim)
    const random = randomState.nextInitialiser()
    const values = Float32Array.from({ length: numEmbeddings * embeddingDim }, () => normal(random))
    this.weight = new Parameter(values, [numEmbeddings, embeddingDim], { isEmbedding: true })
  }

  forward(x: Tensor): Tensor {
    const { weight } = this
    const compute = () => tf.gather(weight.value, tf.cast(x.value, 'int32'))
    return this.inLayer('Embedding', () => result([weight], compute))
  }
}
