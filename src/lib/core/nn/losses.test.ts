import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import {
  binaryCrossentropyWithLogits,
  categoricalCrossentropyWithLogits,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropyWithLogits,
  type Reduction,
} from './losses'

type Loss = (outputs: tf.Tensor) => tf.Tensor

const valuesOf = (tensor: tf.Tensor) => Array.from(tensor.dataSync())

/** Gradient of Σ loss by central differences. */
function numericGradient(loss: Loss, outputs: number[], shape: number[], step = 1e-2): number[] {
  const at = (values: number[]) => tf.sum(loss(tf.tensor(values, shape))).dataSync()[0] ?? NaN
  return outputs.map((value, index) => {
    const up = at(outputs.with(index, value + step))
    const down = at(outputs.with(index, value - step))
    return (up - down) / (2 * step)
  })
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('values', () => {
  it('meanSquaredError averages over every element', () => {
    const loss = meanSquaredError(tf.tensor2d([[1], [2]]), tf.tensor2d([[3], [1]]))
    expect(valuesOf(loss)).toEqual([2.5])
  })

  it('meanAbsoluteError averages over every element', () => {
    const loss = meanAbsoluteError(tf.tensor2d([[1], [2]]), tf.tensor2d([[3], [1]]))
    expect(valuesOf(loss)).toEqual([1.5])
  })

  it('huber is quadratic up to delta and linear beyond', () => {
    const loss = huber(tf.tensor1d([0, 0, 0, 1]), tf.tensor1d([0.5, 2, -3, 1]), 2, 'none')
    expect(valuesOf(loss)).toEqual([0.125, 2, 4, 0])
  })

  it('binaryCrossentropyWithLogits is −log σ(z) for label 1 and −log(1−σ(z)) for label 0', () => {
    const loss = binaryCrossentropyWithLogits(tf.tensor2d([[1], [0]]), tf.tensor2d([[0.7], [-1.2]]), 'none')
    const [first = NaN, second = NaN] = valuesOf(loss)
    expect(first).toBeCloseTo(Math.log(1 + Math.exp(-0.7)), 6)
    expect(second).toBeCloseTo(Math.log(1 + Math.exp(-1.2)), 6)
  })

  it('binaryCrossentropyWithLogits stays finite where σ(z) rounds to 0 or 1', () => {
    const loss = binaryCrossentropyWithLogits(tf.tensor2d([[0], [1]]), tf.tensor2d([[200], [-200]]))
    expect(valuesOf(loss)).toEqual([200])
  })

  it('categoricalCrossentropyWithLogits matches −log softmax', () => {
    const total = Math.exp(1) + Math.exp(2) + Math.exp(0.5)
    const loss = categoricalCrossentropyWithLogits(tf.tensor2d([[0, 1, 0]]), tf.tensor2d([[1, 2, 0.5]]))
    expect(valuesOf(loss)[0]).toBeCloseTo(Math.log(total) - 2, 6)
  })

  it('the cross-entropies stay finite where softmax underflows', () => {
    const logits = tf.tensor2d([[500, -500]])
    expect(valuesOf(categoricalCrossentropyWithLogits(tf.tensor2d([[0, 1]]), logits))).toEqual([1000])
    expect(valuesOf(sparseCategoricalCrossentropyWithLogits(tf.tensor1d([1], 'int32'), logits))).toEqual([
      1000,
    ])
  })

  it('sparse and one-hot labels give one loss per example', () => {
    const logits = tf.tensor2d([
      [0.1, -0.4, 2],
      [1, 1, -1],
    ])
    const sparse = sparseCategoricalCrossentropyWithLogits(tf.tensor1d([2, 0], 'int32'), logits, 'none')
    const oneHot = tf.tensor2d([
      [0, 0, 1],
      [1, 0, 0],
    ])
    const categorical = categoricalCrossentropyWithLogits(oneHot, logits, 'none')
    expect(sparse.shape).toEqual([2])
    expect(valuesOf(sparse)).toEqual(valuesOf(categorical))
  })
})

describe('gradients', () => {
  const indices = () => tf.tensor1d([2, 0], 'int32')
  const soft = () => tf.tensor2d([[0.2, 0.5, 0.3], [1, 0.5, 0.5]]) // prettier-ignore
  const binary = () => tf.tensor2d([[1, 0, 0.25], [0, 1, 0.5]]) // prettier-ignore
  const losses: Record<string, (reduction: Reduction) => Loss> = {
    meanSquaredError: (reduction) => (outputs) => meanSquaredError(soft(), outputs, reduction),
    meanAbsoluteError: (reduction) => (outputs) => meanAbsoluteError(soft(), outputs, reduction),
    huber: (reduction) => (outputs) => huber(soft(), outputs, 0.6, reduction),
    binaryCrossentropyWithLogits: (reduction) => (outputs) =>
      binaryCrossentropyWithLogits(binary(), outputs, reduction),
    categoricalCrossentropyWithLogits: (reduction) => (outputs) =>
      categoricalCrossentropyWithLogits(soft(), outputs, reduction),
    sparseCategoricalCrossentropyWithLogits: (reduction) => (outputs) =>
      sparseCategoricalCrossentropyWithLogits(indices(), outputs, reduction),
  }
  const outputs = [0.3, -1.1, 0.8, 2, -0.2, 0.4]
  const reductions: Reduction[] = ['mean', 'sum', 'none']
  const cases = Object.entries(losses).flatMap(([name, loss]) =>
    reductions.map((reduction) => ({ name, reduction, loss: loss(reduction) })),
  )

  it.each(cases)('$name ($reduction) matches central differences', ({ loss }) => {
    const analytic = tf.grad((x: tf.Tensor) => tf.sum(loss(x)))(tf.tensor(outputs, [2, 3]))
    const numeric = numericGradient(loss, outputs, [2, 3])
    valuesOf(analytic).forEach((value, index) => expect(value).toBeCloseTo(numeric[index] ?? NaN, 3))
  })

  it('meanAbsoluteError has no slope where prediction and label agree', () => {
    const labels = tf.tensor1d([1, 2, 3])
    const gradient = tf.grad((x: tf.Tensor) => meanAbsoluteError(labels, x, 'sum'))(tf.tensor1d([0, 2, 4]))
    expect(valuesOf(gradient)).toEqual([-1, 0, 1])
  })

  it('meanAbsoluteError and huber also differentiate towards their labels', () => {
    const predictions = tf.tensor1d([3, 1])
    const towards = (loss: (labels: tf.Tensor) => tf.Tensor) => valuesOf(tf.grad(loss)(tf.tensor1d([1, 1.5])))
    expect(towards((labels) => meanAbsoluteError(labels, predictions))).toEqual([-0.5, 0.5])
    expect(towards((labels) => huber(labels, predictions, 1))).toEqual([-0.5, 0.25])
  })

  it('meanSquaredError also differentiates towards its labels', () => {
    const predictions = tf.tensor2d([[3], [1]])
    const gradient = tf.grad((labels: tf.Tensor) => meanSquaredError(labels, predictions))(
      tf.tensor2d([[1], [2]]),
    )
    expect(valuesOf(gradient)).toEqual([-2, 1])
  })
})
