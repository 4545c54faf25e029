import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tf } from '../../eager/tfjs'
import { dropoutMask } from '../../nn/dropout'
import { randomState } from '../../nn/randomState'
import { ArgumentError, ShapeError } from '../../util/errors'
import { manualSeed, nn, tensor, zeros, type Tensor } from '../index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

beforeEach(() => manualSeed(7))

/** What a program in plain JavaScript may pass. */
function untyped<T>(value: unknown): T {
  return value as T
}

const net = () => new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1))

describe('Module', () => {
  it('names parameters by path and lists a shared one once', () => {
    class Net extends nn.Module {
      readonly first = new nn.Linear(2, 2)
      readonly again = this.first
      readonly scale = new nn.Parameter(Float32Array.of(1), [1])
      readonly body = net()
      forward(x: Tensor): Tensor {
        return this.body.forward(this.again.forward(this.first.forward(x))).mul(this.scale)
      }
    }
    const names = new Net().namedParameters().map(([name]) => name)
    expect(names).toEqual([
      'scale',
      'first.weight',
      'first.bias',
      'body.0.weight',
      'body.0.bias',
      'body.2.weight',
      'body.2.bias',
    ])
    expect(new Net().forward(zeros(4, 2)).shape).toEqual([4, 1])
  })

  it('switches all children between training and evaluation', () => {
    const inner = new nn.Dropout(0.5)
    const model = new nn.Sequential(new nn.Sequential(inner))
    expect(model.eval().training || inner.training).toBe(false)
    expect(model.train().training && inner.training).toBe(true)
  })

  it('starts with the same bits for the same seed, within ±1/√fanIn', () => {
    const values = () =>
      net()
        .weights()
        .weights.map((weight) => [...weight.values])
    const first = values()
    manualSeed(7)
    expect(values()).toEqual(first)
    manualSeed(8)
    expect(values()).not.toEqual(first)
    const wide = new nn.Linear(100, 50)
    const largest = Math.max(...wide.weight.toNdArray().values.map(Math.abs))
    expect(largest).toBeGreaterThan(0.099)
    expect(largest).toBeLessThanOrEqual(0.1)
  })

  it('carries its state to another model by name', () => {
    const [from, to] = [net(), net()]
    to.loadStateDict(from.stateDict())
    expect(to.weights()).toEqual(from.weights())
    const x = tensor([[0.3, -0.7]])
    expect(to.forward(x).item()).toBe(from.forward(x).item())
  })

  it('takes weights in the layout of Keras', () => {
    const model = new nn.Sequential(new nn.Linear(2, 3))
    const kernel = { name: 'dense/kernel', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }
    const bias = { name: 'dense/bias', shape: [3], values: Float32Array.of(7, 8, 9) }
    model.loadStateDict({ layout: 'keras', weights: [kernel, bias] })
    expect(model.weights()).toEqual({
      layout: 'torch',
      weights: [
        {
          name: '0.weight',
          shape: [3, 2],
          values: Float32Array.of(1, 4, 2, 5, 3, 6),
          flattenedFrom: undefined,
        },
        { name: '0.bias', shape: [3], values: Float32Array.of(7, 8, 9), flattenedFrom: undefined },
      ],
    })
  })

  it('gives weights that later training does not change', () => {
    const layer = new nn.Linear(1, 1)
    const { weights } = layer.weights()
    const before = weights.map(({ values }) => values[0])
    layer.weight.assign(Float32Array.of(100))
    expect(weights.map(({ values }) => values[0])).toEqual(before)
  })

  it('remembers the image in front of a linear layer', () => {
    const model = new nn.Sequential(
      new nn.Flatten(),
      new nn.ReLU(),
      new nn.Dropout(0.2),
      new nn.Linear(12, 1),
    )
    expect(model.weights().weights[0]?.flattenedFrom).toBeUndefined()
    model.forward(zeros(1, 3, 2, 2))
    expect(model.weights().weights[0]?.flattenedFrom).toEqual([2, 2, 3])
  })

  it('names what does not fit in a state', () => {
    expect(() => net().loadStateDict({ '0.weight': zeros(3, 2) })).toThrow(
      new ArgumentError(
        'loadStateDict: expected the keys 0.weight, 0.bias, 2.weight, 2.bias, got 0.weight. ' +
          'Load the state of a model with the same layers.',
      ),
    )
    expect(() => net().loadStateDict({ ...net().stateDict(), '2.bias': zeros(4) })).toThrow(
      new ArgumentError(
        "loadStateDict: expected shape [1] for '2.bias', got [4]. Load the state of a model with the same layers.",
      ),
    )
    expect(() => net().loadStateDict({ layout: 'torch', weights: [] })).toThrow(ShapeError)
  })

  it('runs forward hooks until they are removed', () => {
    const layer = new nn.Identity()
    const seen: string[] = []
    const removeFirst = layer.registerForwardHook((_, [input], output) => {
      seen.push(`${String(input)} ${String(output)}`)
      return undefined
    })
    const removeSecond = layer.registerForwardHook((_module, _inputs, output) => output.mul(2))
    expect(new nn.Sequential(layer).forward(tensor(3)).item()).toBe(6)
    removeFirst()
    removeSecond()
    expect(layer.forward(tensor(4)).item()).toBe(4)
    expect(seen).toEqual(['tensor(3.0000) tensor(3.0000)'])
  })
})

describe('layers', () => {
  it('Conv2d slides its kernel over channels-first images', () => {
    const conv = new nn.Conv2d(1, 1, 2)
    conv.weight.assign(Float32Array.of(1, 2, 3, 4))
    conv.bias?.assign(Float32Array.of(10))
    const x = tensor([
      [
        [
          [1, 0, 2],
          [0, 1, 0],
          [3, 0, 1],
        ],
      ],
    ])
    // Top left: 1·1 + 2·0 + 3·0 + 4·1 + 10.
    expect(conv.forward(x).tolist()).toEqual([
      [
        [
          [15, 17],
          [21, 15],
        ],
      ],
    ])
  })

  it('Conv2d adds up its input channels and gives each output channel its own kernel', () => {
    const conv = new nn.Conv2d(2, 2, 1, { bias: false })
    conv.weight.assign(Float32Array.of(1, 10, 100, 1000))
    expect(conv.forward(tensor([[[[1, 2]], [[3, 4]]]])).tolist()).toEqual([[[[31, 42]], [[3100, 4200]]]])
  })

  it.each([
    ['valid', { padding: 0 }, [3, 4]],
    ['padding 1', { padding: 1 }, [5, 6]],
    ['same', { padding: 'same' }, [5, 6]],
    ['stride 2', { stride: 2, padding: 1 }, [3, 3]],
  ] as const)('Conv2d sizes: %s', (_, options, [height, width]) => {
    expect(new nn.Conv2d(1, 2, 3, options).forward(zeros(1, 1, 5, 6)).shape).toEqual([1, 2, height, width])
  })

  it('MaxPool2d takes the largest of each window and leaves out what is left over', () => {
    const x = tensor([
      [
        [
          [1, 2, 9],
          [3, 4, 9],
          [9, 9, 9],
        ],
      ],
    ])
    expect(new nn.MaxPool2d(2).forward(x).tolist()).toEqual([[[[4]]]])
    expect(new nn.MaxPool2d(2, { stride: 1 }).forward(x).shape).toEqual([1, 1, 2, 2])
  })

  it('Flatten keeps channel-height-width order', () => {
    const x = tensor([[[[1, 2]], [[3, 4]]]])
    expect(new nn.Flatten().forward(x).tolist()).toEqual([[1, 2, 3, 4]])
  })

  const activations: [string, nn.Module, number[]][] = [
    ['ReLU', new nn.ReLU(), [0, 2]],
    ['LeakyReLU', new nn.LeakyReLU(), [-0.01, 2]],
    ['LeakyReLU(0.2)', new nn.LeakyReLU(0.2), [-0.2, 2]],
    ['LeakyReLU({ negativeSlope })', new nn.LeakyReLU({ negativeSlope: 0.2 }), [-0.2, 2]],
    ['Tanh', new nn.Tanh(), [Math.tanh(-1), Math.tanh(2)]],
    ['Sigmoid', new nn.Sigmoid(), [1 / (1 + Math.E), 1 / (1 + Math.exp(-2))]],
    ['Softmax', new nn.Softmax(0), [1 / (1 + Math.exp(3)), 1 / (1 + Math.exp(-3))]],
  ]

  it.each(activations)('%s', (_, layer, expected) => {
    const values = layer.forward(tensor([-1, 2])).toNdArray().values
    expected.forEach((value, index) => expect(values[index]).toBeCloseTo(value, 5))
  })
})

describe('Dropout', () => {
  it('draws a fresh mask each step while training, and none in evaluation', () => {
    const dropout = new nn.Dropout(0.5)
    const x = tensor(Array<number>(50).fill(1))
    const [first, second] = [dropout.forward(x).tolist(), dropout.forward(x).tolist()]
    expect(first).not.toEqual(second)
    manualSeed(7)
    expect(new nn.Dropout({ p: 0.5 }).forward(x).tolist()).toEqual(first)
    dropout.eval()
    expect(dropout.forward(x)).toBe(x)
  })

  it('drops the same positions of an image as a channels-last layer would, also when flattened', () => {
    const [n, h, w, c] = [2, 2, 3, 4] as const
    const mask = tf.tensor4d(dropoutMask([n, h, w, c], 0.5, randomState.dropoutStream(0, 0)), [n, h, w, c])
    const expected = tf.transpose(mask, [0, 3, 1, 2]).arraySync()
    const image = zeros(n, c, h, w).add(1)
    expect(new nn.Dropout().forward(image).tolist()).toEqual(expected)
    manualSeed(7)
    const flat = new nn.Dropout().forward(image.flatten(1))
    expect(flat.reshape(n, c, h, w).tolist()).toEqual(expected)
  })

  it('refuses a rate of 1', () => {
    expect(() => new nn.Dropout(1)).toThrow(ArgumentError)
  })
})

describe('losses', () => {
  it('MSELoss', () => {
    expect(new nn.MSELoss().forward(tensor([1, 2]), tensor([3, 2])).item()).toBe(2)
    expect(new nn.MSELoss({ reduction: 'sum' }).forward(tensor([1, 2]), tensor([3, 2])).item()).toBe(4)
  })

  it('BCEWithLogitsLoss stays finite for extreme logits', () => {
    const loss = new nn.BCEWithLogitsLoss({ reduction: 'none' })
    const values = loss.forward(tensor([0, 100, -100]), tensor([1, 0, 1])).toNdArray().values
    ;[Math.LN2, 100, 100].forEach((expected, index) => expect(values[index]).toBeCloseTo(expected, 4))
  })

  it('CrossEntropyLoss takes indices or probabilities', () => {
    const logits = tensor([
      [1, 2, 3],
      [0, 0, 0],
    ])
    const loss = new nn.CrossEntropyLoss()
    const expected = (Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 3 + Math.log(3)) / 2
    expect(loss.forward(logits, tensor([2, 0], { dtype: 'int32' })).item()).toBeCloseTo(expected, 5)
    const oneHot = tensor([
      [0, 0, 1],
      [1, 0, 0],
    ])
    expect(loss.forward(logits, oneHot).item()).toBeCloseTo(expected, 5)
  })
})

describe('errors', () => {
  const refusals: [string, () => unknown, Error][] = [
    [
      'Linear input',
      () => new nn.Linear(2, 8).forward(zeros(32, 3)),
      new ShapeError(
        'Linear: expected input [..., 2], got [32, 3]. Change inFeatures to 3, or the layer before it.',
      ),
    ],
    [
      'Linear size',
      () => new nn.Linear(2, 0),
      new ArgumentError(
        'Linear: expected outFeatures to be a whole number of at least 1, got 0. Pass a number such as 8.',
      ),
    ],
    [
      'Conv2d input',
      () => new nn.Conv2d(1, 8, 3).forward(zeros(32, 28, 28, 1)),
      new ShapeError(
        'Conv2d: expected input [n, 1, h, w], got [32, 28, 28, 1]. Images have their channels first; load data with { channelsFirst: true }.',
      ),
    ],
    [
      'MaxPool2d input',
      () => new nn.MaxPool2d(2).forward(zeros(1, 1, 1, 4)),
      new ShapeError(
        'MaxPool2d: expected an image of at least 2×2, got 1×4. Use a smaller kernel, more padding, or fewer layers that shrink the image.',
      ),
    ],
    [
      'kernel size',
      () => new nn.Conv2d(1, 8, untyped([3])),
      new ArgumentError(
        'Conv2d: expected kernelSize to be a number or [height, width], got 3. Pass a number such as 3.',
      ),
    ],
    [
      'Sequential',
      () => new nn.Sequential(untyped([])),
      new ArgumentError(
        'Sequential: expected modules as arguments, got an array at position 0. Write new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh()).',
      ),
    ],
    [
      'Sequential of classes',
      () => new nn.Sequential(untyped(nn.Tanh)),
      new ArgumentError(
        'Sequential: expected modules as arguments, got a class at position 0. Write new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh()).',
      ),
    ],
    [
      'loss shapes',
      () => new nn.BCEWithLogitsLoss().forward(zeros(4, 1), zeros(4)),
      new ShapeError(
        'BCEWithLogitsLoss: expected input and target of one shape, got [4, 1] and [4]. Change the units of the last layer, or the labels of the data.',
      ),
    ],
    [
      'class targets',
      () => new nn.CrossEntropyLoss().forward(zeros(4, 3), zeros(4)),
      new ShapeError(
        "CrossEntropyLoss: expected logits [n, classes] and targets int32 [n] or float32 [n, classes], got [4, 3] and float32 [4]. Load the data with { labels: 'index' }.",
      ),
    ],
    [
      'reduction',
      () => new nn.MSELoss({ reduction: untyped('median') }),
      new ArgumentError(
        "reduction: expected 'mean', 'sum' or 'none', got 'median'. Leave it out for 'mean'.",
      ),
    ],
  ]

  it.each(refusals)('%s', (_, run, error) => {
    expect(run).toThrow(error)
  })
})
