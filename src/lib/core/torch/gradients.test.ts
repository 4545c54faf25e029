import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { normal, randomStream } from '../util/random'
import { sizeOf, type Shape } from '../util/shapes'
import { manualSeed, nn, tensor, type Tensor } from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

beforeEach(() => manualSeed(7))

type Compute = (...inputs: Tensor[]) => Tensor

const step = 1e-2

function draw(shape: Shape, name: string): Float32Array {
  const random = randomStream(1, name)
  return Float32Array.from({ length: sizeOf(shape) }, () => normal(random))
}

function leaf(values: Float32Array, shape: Shape): Tensor {
  return tensor({ values, shape, dtype: 'float32' }, { requiresGrad: true })
}

/** A scalar that weighs every output differently, so that no error cancels out. */
function weigh(output: Tensor): Tensor {
  const weights = draw(output.shape, 'weights')
  return output.mul(tensor({ values: weights, shape: output.shape, dtype: 'float32' })).sum()
}

/** Largest difference between backward() and central differences, over all entries of all inputs. */
async function gradientError(compute: Compute, inputs: readonly Tensor[]): Promise<number> {
  weigh(compute(...inputs)).backward()
  let worst = 0
  for (const [position, input] of inputs.entries()) {
    const analytic = (await input.grad?.toNdArray())?.values ?? []
    const { values } = await input.toNdArray()
    for (const [index, value] of values.entries()) {
      const at = (shifted: number) => {
        const copy = Float32Array.from(values)
        copy[index] = shifted
        const moved = inputs.map((other, i) => (i === position ? leaf(copy, input.shape) : other))
        return weigh(compute(...moved)).item()
      }
      const numeric = ((await at(value + step)) - (await at(value - step))) / (2 * step)
      const error = Math.abs(numeric - (analytic[index] ?? NaN)) / Math.max(1, Math.abs(numeric))
      worst = Math.max(worst, Number.isNaN(error) ? Infinity : error)
    }
  }
  return worst
}

const operations: [string, Compute, ...Shape[]][] = [
  ['add', (a, b) => pair(a, b, 'add'), [2, 3], [2, 3]],
  ['add, broadcast', (a, b) => pair(a, b, 'add'), [2, 3], [3]],
  ['sub, broadcast', (a, b) => pair(a, b, 'sub'), [2, 1], [2, 3]],
  ['mul, broadcast', (a, b) => pair(a, b, 'mul'), [2, 3], [3]],
  ['div', (a, b) => a.div(positive(b)), [2, 3], [2, 3]],
  ['div by a number', (a) => a.div(3), [2, 3]],
  ['pow 2', (a) => a.pow(2), [2, 3]],
  ['pow 3', (a) => a.pow(3), [2, 3]],
  ['pow of tensors', (a, b) => positive(a).pow(b), [2, 3], [2, 3]],
  ['neg', (a) => a.neg(), [2, 3]],
  ['exp', (a) => a.exp(), [2, 3]],
  ['log', (a) => positive(a).log(), [2, 3]],
  ['sqrt', (a) => positive(a).sqrt(), [2, 3]],
  ['abs', (a) => a.abs(), [2, 3]],
  ['relu', (a) => a.relu(), [2, 3]],
  ['leakyRelu', (a) => nn.functional.leakyRelu(a, 0.1), [2, 3]],
  ['tanh', (a) => a.tanh(), [2, 3]],
  ['sigmoid', (a) => a.sigmoid(), [2, 3]],
  ['gelu', (a) => nn.functional.gelu(a), [2, 3]],
  ['softmax, last', (a) => a.softmax(-1), [2, 3]],
  ['softmax, first', (a) => a.softmax(0), [2, 3]],
  ['logSoftmax', (a) => a.logSoftmax(1), [2, 3]],
  ['sum', (a) => a.sum(), [2, 3]],
  ['sum along', (a) => a.sum(0), [2, 3]],
  ['mean', (a) => a.mean(), [2, 3]],
  ['mean along, kept', (a) => a.mean(1, { keepdim: true }), [2, 3]],
  ['max', (a) => a.max(), [2, 3]],
  ['max along', (a) => a.max(1).values, [2, 3]],
  ['matmul', (a, b) => a.matmul(b), [2, 3], [3, 4]],
  ['matmul of batches', (a, b) => a.matmul(b), [2, 2, 3], [2, 3, 2]],
  ['reshape', (a) => a.reshape(3, -1), [2, 3]],
  ['flatten', (a) => a.flatten(1), [2, 3, 2]],
  ['transpose', (a) => a.transpose(0, 1), [2, 3]],
  ['permute', (a) => a.permute(2, 0, 1), [2, 3, 2]],
  ['squeeze and unsqueeze', (a) => a.unsqueeze(0).squeeze(), [2, 3]],
  ['float', (a) => a.float(), [2, 3]],
  ['used twice', (a) => a.mul(a).add(a), [2, 3]],
]

function pair(a: Tensor, b: Tensor, operation: 'add' | 'sub' | 'mul'): Tensor {
  return a[operation](b)
}

/** Away from zero, so that a difference quotient does not cross a pole. */
function positive(x: Tensor): Tensor {
  return x.abs().add(0.5)
}

const image = [1, 2, 4, 5]

/** Layers without dropout; each is checked in its input and in its parameters. */
const layers: [string, () => nn.Module, Shape][] = [
  ['Linear', () => new nn.Linear(3, 4), [2, 3]],
  ['Linear without bias', () => new nn.Linear(3, 4, { bias: false }), [2, 3]],
  ['Linear on sequences', () => new nn.Linear(3, 2), [2, 2, 3]],
  ['Conv2d', () => new nn.Conv2d(2, 3, 3), image],
  ['Conv2d, stride and padding', () => new nn.Conv2d(2, 2, [3, 2], { stride: 2, padding: 1 }), image],
  ['Conv2d, same', () => new nn.Conv2d(2, 2, 3, { padding: 'same', bias: false }), image],
  ['MaxPool2d', () => new nn.MaxPool2d(2), image],
  ['MaxPool2d, overlapping', () => new nn.MaxPool2d(3, { stride: 2, padding: 1 }), image],
  ['AvgPool2d', () => new nn.AvgPool2d(2), image],
  ['AvgPool2d, overlapping', () => new nn.AvgPool2d(3, { stride: 2, padding: 1 }), image],
  [
    'AvgPool2d without its padding',
    () => new nn.AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false }),
    image,
  ],
  ['BatchNorm1d', () => new nn.BatchNorm1d(3), [4, 3]],
  ['BatchNorm1d in evaluation', () => new nn.BatchNorm1d(3).eval(), [4, 3]],
  ['BatchNorm2d', () => new nn.BatchNorm2d(2), [2, 2, 2, 3]],
  ['LayerNorm', () => new nn.LayerNorm(4), [3, 4]],
  ['LayerNorm over two axes', () => new nn.LayerNorm([2, 3]), [2, 2, 3]],
  ['Flatten', () => new nn.Flatten(), image],
  ['ReLU', () => new nn.ReLU(), [2, 3]],
  ['LeakyReLU', () => new nn.LeakyReLU(0.2), [2, 3]],
  ['Tanh', () => new nn.Tanh(), [2, 3]],
  ['Sigmoid', () => new nn.Sigmoid(), [2, 3]],
  ['GELU', () => new nn.GELU(), [2, 3]],
  ['Softmax', () => new nn.Softmax(1), [2, 3]],
  ['Identity', () => new nn.Identity(), [2, 3]],
  ['Sequential', () => new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 2)), [2, 3]],
]

const oneHot = tensorLater([
  [0, 1, 0],
  [1, 0, 0],
])
const reductions = ['mean', 'sum', 'none'] as const

const losses: [string, (logits: Tensor) => Tensor][] = reductions.flatMap(
  (reduction): [string, (logits: Tensor) => Tensor][] => [
    ['MSELoss ' + reduction, (x) => new nn.MSELoss({ reduction }).forward(x, oneHot())],
    ['L1Loss ' + reduction, (x) => new nn.L1Loss({ reduction }).forward(x, oneHot())],
    ['HuberLoss ' + reduction, (x) => new nn.HuberLoss({ reduction, delta: 0.6 }).forward(x, oneHot())],
    ['SmoothL1Loss ' + reduction, (x) => new nn.SmoothL1Loss({ reduction, beta: 0.6 }).forward(x, oneHot())],
    ['BCEWithLogitsLoss ' + reduction, (x) => new nn.BCEWithLogitsLoss({ reduction }).forward(x, oneHot())],
    ['CrossEntropyLoss ' + reduction, (x) => new nn.CrossEntropyLoss({ reduction }).forward(x, indices())],
    [
      'CrossEntropyLoss of probabilities ' + reduction,
      (x) => new nn.CrossEntropyLoss({ reduction }).forward(x, oneHot().mul(0.8).add(0.05)),
    ],
  ],
)

function tensorLater(values: number[][]): () => Tensor {
  return () => tensor(values)
}

function indices(): Tensor {
  return tensor([1, 0], { dtype: 'int32' })
}

describe('gradients agree with central differences', () => {
  it.each(operations)('%s', async (_, compute, ...shapes) => {
    const inputs = shapes.map((shape, index) => leaf(draw(shape, `input ${index}`), shape))
    expect(await gradientError(compute, inputs)).toBeLessThan(5e-3)
  })

  it.each(layers)('%s, in its input', async (_, make, shape) => {
    const layer = make()
    expect(await gradientError((x) => layer.forward(x), [leaf(draw(shape, 'input'), shape)])).toBeLessThan(
      5e-3,
    )
  })

  it.each(layers.filter(([name]) => /Linear|Conv|Norm|Sequential/.test(name)))(
    '%s, in its parameters',
    async (_, make, shape) => {
      const layer = make()
      const x = tensor({ values: draw(shape, 'input'), shape, dtype: 'float32' })
      for (const parameter of layer.parameters()) {
        const { values } = await parameter.toNdArray()
        const initial = Float32Array.from(values)
        layer.zeroGrad()
        weigh(layer.forward(x)).backward()
        const analytic = (await parameter.grad?.toNdArray())?.values ?? []
        for (let index = 0; index < initial.length; index++) {
          const at = (shift: number) => {
            parameter.assign(initial.map((value, i) => (i === index ? value + shift : value)))
            return weigh(layer.forward(x)).item()
          }
          const numeric = ((await at(step)) - (await at(-step))) / (2 * step)
          parameter.assign(initial)
          expect(Math.abs(numeric - (analytic[index] ?? NaN))).toBeLessThan(
            5e-3 * Math.max(1, Math.abs(numeric)),
          )
        }
      }
    },
  )

  it('Embedding passes gradients to the rows it looked up, as often as it did', async () => {
    const embedding = new nn.Embedding(4, 2)
    const y = embedding.forward(tensor([[3, 1], [1, 1]], { dtype: 'int32' })) // prettier-ignore
    expect(y.shape).toEqual([2, 2, 2])
    y.sum().backward()
    expect(await embedding.weight.grad?.tolist()).toEqual([[0, 0], [3, 3], [0, 0], [1, 1]]) // prettier-ignore
  })

  it('Dropout passes gradients through its mask', async () => {
    const dropout = new nn.Dropout(0.5)
    const x = leaf(draw([4, 5], 'input'), [4, 5])
    const y = dropout.forward(x)
    y.sum().backward()
    const { values: mask } = await y.div(x).toNdArray()
    const gradient = (await x.grad?.toNdArray())?.values ?? []
    expect([...gradient].filter((value) => value === 0).length).toBeGreaterThan(0)
    gradient.forEach((value, index) => expect(value).toBeCloseTo(mask[index] ?? NaN, 4))
  })

  it.each(losses)('%s', async (_, compute) => {
    expect(await gradientError(compute, [leaf(draw([2, 3], 'logits'), [2, 3])])).toBeLessThan(5e-3)
  })
})
