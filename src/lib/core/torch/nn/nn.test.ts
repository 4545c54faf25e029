import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { currentOrigin, setLineSource } from '../../eager/origin'
import { tf } from '../../eager/tfjs'
import { ArgumentError, ShapeError } from '../../util/errors'
import { manualSeed, nn, Tensor, tensor, zeros } from '../index'

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

  it('starts with the same bits for the same seed, within ±1/√fanIn', async () => {
    const values = async () => (await net().weights()).weights.map((weight) => [...weight.values])
    const first = await values()
    manualSeed(7)
    expect(await values()).toEqual(first)
    manualSeed(8)
    expect(await values()).not.toEqual(first)
    const wide = new nn.Linear(100, 50)
    const largest = Math.max(...(await wide.weight.toNdArray()).values.map(Math.abs))
    expect(largest).toBeGreaterThan(0.099)
    expect(largest).toBeLessThanOrEqual(0.1)
  })

  it('carries its state to another model by name', async () => {
    const [from, to] = [net(), net()]
    to.loadStateDict(from.stateDict())
    expect(await to.weights()).toEqual(await from.weights())
    const x = tensor([[0.3, -0.7]])
    expect(await to.forward(x).item()).toBe(await from.forward(x).item())
  })

  it('takes a state without reading tensors back, and keeps it apart from its source', async () => {
    const from = new nn.Linear(1, 1)
    const to = new nn.Linear(1, 1)
    from.weight.assign(Float32Array.of(5))
    const before = tf.memory().numTensors
    const readSync = vi.spyOn(tf.engine(), 'readSync')
    const bias = { values: Int32Array.of(3), shape: [1], dtype: 'int32' } as const
    to.loadStateDict({ weight: from.weight, bias })
    expect(readSync).not.toHaveBeenCalled()
    readSync.mockRestore()
    expect(tf.memory().numTensors).toBe(before)
    from.weight.assign(Float32Array.of(6))
    expect([await to.weight.item(), await to.bias?.item()]).toEqual([5, 3])
  })

  it('takes weights in the layout of Keras', async () => {
    const model = new nn.Sequential(new nn.Linear(2, 3))
    const kernel = { name: 'dense/kernel', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }
    const bias = { name: 'dense/bias', shape: [3], values: Float32Array.of(7, 8, 9) }
    model.loadStateDict({ layout: 'keras', weights: [kernel, bias] })
    expect(await model.weights()).toEqual({
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

  it('gives weights that later training does not change', async () => {
    const layer = new nn.Linear(1, 1)
    layer.weight.assign(Float32Array.of(1))
    const reading = layer.weights()
    layer.weight.assign(Float32Array.of(100))
    const { weights } = await reading
    layer.weight.assign(Float32Array.of(200))
    expect(weights[0]?.values).toEqual(Float32Array.of(1))
  })

  it('remembers the image in front of a linear layer', async () => {
    const model = new nn.Sequential(
      new nn.Flatten(),
      new nn.ReLU(),
      new nn.Dropout(0.2),
      new nn.Linear(12, 1),
    )
    expect((await model.weights()).weights[0]?.flattenedFrom).toBeUndefined()
    model.forward(zeros(1, 3, 2, 2))
    expect((await model.weights()).weights[0]?.flattenedFrom).toEqual([2, 2, 3])
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

  it('runs forward hooks until they are removed', async () => {
    const layer = new nn.Identity()
    const seen: Promise<number>[] = []
    const first = layer.registerForwardHook((_, [input], output) => {
      seen.push(...[input, output].flatMap((value) => (value instanceof Tensor ? value.item() : [])))
      return undefined
    })
    const second = layer.registerForwardHook((_module, _inputs, output) => output.mul(2))
    expect(await new nn.Sequential(layer).forward(tensor(3)).item()).toBe(6)
    first.remove()
    second.remove()
    expect(await layer.forward(tensor(4)).item()).toBe(4)
    expect(await Promise.all(seen)).toEqual([3, 3])
  })
})

describe('layers', () => {
  it('Conv2d slides its kernel over channels-first images', async () => {
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
    expect(await conv.forward(x).tolist()).toEqual([
      [
        [
          [15, 17],
          [21, 15],
        ],
      ],
    ])
  })

  it('Conv2d adds up its input channels and gives each output channel its own kernel', async () => {
    const conv = new nn.Conv2d(2, 2, 1, { bias: false })
    conv.weight.assign(Float32Array.of(1, 10, 100, 1000))
    expect(await conv.forward(tensor([[[[1, 2]], [[3, 4]]]])).tolist()).toEqual([
      [[[31, 42]], [[3100, 4200]]],
    ])
  })

  it.each([
    ['valid', { padding: 0 }, [3, 4]],
    ['padding 1', { padding: 1 }, [5, 6]],
    ['same', { padding: 'same' }, [5, 6]],
    ['stride 2', { stride: 2, padding: 1 }, [3, 3]],
  ] as const)('Conv2d sizes: %s', (_, options, [height, width]) => {
    expect(new nn.Conv2d(1, 2, 3, options).forward(zeros(1, 1, 5, 6)).shape).toEqual([1, 2, height, width])
  })

  it('MaxPool2d takes the largest of each window and leaves out what is left over', async () => {
    const x = tensor([
      [
        [
          [1, 2, 9],
          [3, 4, 9],
          [9, 9, 9],
        ],
      ],
    ])
    expect(await new nn.MaxPool2d(2).forward(x).tolist()).toEqual([[[[4]]]])
    expect(new nn.MaxPool2d(2, { stride: 1 }).forward(x).shape).toEqual([1, 1, 2, 2])
  })

  it('Flatten keeps channel-height-width order', async () => {
    const x = tensor([[[[1, 2]], [[3, 4]]]])
    expect(await new nn.Flatten().forward(x).tolist()).toEqual([[1, 2, 3, 4]])
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

  it.each(activations)('%s', async (_, layer, expected) => {
    const { values } = await layer.forward(tensor([-1, 2])).toNdArray()
    expected.forEach((value, index) => expect(values[index]).toBeCloseTo(value, 5))
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
        'Conv2d: expected kernelSize to be a whole number of at least 1, or two of them, [height, width], got [3]. Pass a number such as 3.',
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
      () => new nn.CrossEntropyLoss().forward(zeros(4, 3), zeros(4, 1)),
      new ShapeError(
        "CrossEntropyLoss: expected logits [n, classes] and targets int32 [n] or float32 [n, classes], got [4, 3] and float32 [4, 1]. Load the data with { labels: 'index' }.",
      ),
    ],
    [
      'reduction',
      () => new nn.MSELoss({ reduction: untyped('median') }),
      new ArgumentError(
        "MSELoss: expected reduction to be 'mean', 'sum' or 'none', got median. Correct reduction.",
      ),
    ],
  ]

  it.each(refusals)('%s', (_, run, error) => {
    expect(run).toThrow(error)
  })
})

describe('origin of kernels', () => {
  class Spy extends nn.Module {
    seen = ''

    forward(x: Tensor): Tensor {
      return this.inLayer('Spy', () => {
        const { layer, line } = currentOrigin()
        this.seen = `${layer}, line ${line}`
        return x
      })
    }
  }

  it('is position and class, and the line that made the module', () => {
    setLineSource(() => 4)
    const [inner, second, alone] = [new Spy(), new Spy(), new Spy()]
    setLineSource(null)
    const model = new nn.Sequential(new nn.Sequential(inner), second)
    model.forward(zeros(1, 2))
    alone.forward(zeros(1, 2))
    expect([inner, second, alone].map(({ seen }) => seen)).toEqual([
      '0.0 Spy, line 4',
      '1 Spy, line 4',
      'Spy, line 4',
    ])
  })
})

it('an LSTM in the formulation of Keras learns one bias and keeps the other in its state', () => {
  const keras = new nn.LSTM(2, 3, { formulation: 'keras' })
  const names = ['weightIhL0', 'weightHhL0', 'biasIhL0', 'biasHhL0']
  expect(Object.keys(keras.stateDict())).toEqual(names)
  expect(keras.namedParameters().map(([name]) => name)).toEqual(names.slice(0, 3))
  expect(Object.keys(new nn.LSTM(2, 3).stateDict())).toEqual(names)
  expect(new nn.LSTM(2, 3).parameters()).toHaveLength(4)
})
