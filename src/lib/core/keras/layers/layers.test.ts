import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { currentOrigin, setLineSource } from '../../eager/origin'
import { withTape } from '../../eager/tape'
import { tf } from '../../eager/tfjs'
import { ArgumentError, ShapeError } from '../../util/errors'
import { randomStream } from '../../util/random'
import { sizeOf, type Shape } from '../../util/shapes'
import { Input } from '../input'
import { Sequential } from '../sequential'
import { setRandomSeed } from '../setRandomSeed'
import * as layers from './index'

beforeAll(async () => {
  await tf.setBackend('cpu')
})
beforeEach(() => {
  setRandomSeed(3)
})

const valuesOf = (tensor: tf.Tensor) => Array.from(tensor.dataSync())

/** Values in [−1, 1) that repeat in every run. */
function numbers(shape: Shape, key: string): tf.Tensor {
  const random = randomStream(11, key)
  return tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
    [...shape],
  )
}

function modelOf(inputShape: Shape, ...stack: layers.Layer[]): Sequential {
  return new Sequential([Input({ shape: inputShape }), ...stack])
}

describe('outputs against hand values', () => {
  it('Dense computes x · kernel + bias', () => {
    const model = modelOf([2], new layers.Dense(2))
    model.setWeights([
      { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2], dtype: 'float32' },
      { values: Float32Array.of(10, 20), shape: [2], dtype: 'float32' },
    ])
    expect(valuesOf(model.apply(tf.tensor2d([[1, -1]])))).toEqual([8, 18])
  })

  it('Conv2D slides its kernel, channels last', () => {
    const model = modelOf([3, 3, 1], new layers.Conv2D(1, { kernelSize: 2 }))
    model.setWeights([
      { values: Float32Array.of(1, 0, 0, -1), shape: [2, 2, 1, 1], dtype: 'float32' },
      { values: Float32Array.of(0.5), shape: [1], dtype: 'float32' },
    ])
    const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 10], [1, 3, 3, 1])
    expect(valuesOf(model.apply(image))).toEqual([-3.5, -3.5, -3.5, -4.5])
  })

  it('MaxPooling2D takes the largest of each window, with strides of the window by default', () => {
    const model = modelOf([2, 4, 1], new layers.MaxPooling2D())
    expect(valuesOf(model.apply(tf.tensor4d([1, 2, 3, 4, 8, 7, 6, 5], [1, 2, 4, 1])))).toEqual([8, 6])
  })

  it('AveragePooling2D takes the mean of each window, without its padding', () => {
    const image = tf.tensor4d([1, 2, 3, 8, 7, 6], [1, 2, 3, 1])
    const pooled = (options: object) => {
      return valuesOf(
        modelOf([2, 3, 1], new layers.AveragePooling2D({ poolSize: 2, ...options })).apply(image),
      )
    }
    expect(pooled({})).toEqual([4.5])
    expect(pooled({ padding: 'same' })).toEqual([4.5, 4.5])
  })

  it('Embedding looks rows up', () => {
    const model = modelOf([2], new layers.Embedding(3, 2))
    model.setWeights([{ values: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2], dtype: 'float32' }])
    const output = model.apply(tf.tensor2d([[2, 0]], [1, 2], 'int32'))
    expect(output.shape).toEqual([1, 2, 2])
    expect(valuesOf(output)).toEqual([5, 6, 1, 2])
  })

  it('Flatten keeps height-width-channel order and passes rows through', () => {
    expect(
      valuesOf(modelOf([1, 2, 2], new layers.Flatten()).apply(tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]))),
    ).toEqual([1, 2, 3, 4])
    expect(modelOf([3], new layers.Flatten()).apply(tf.ones([5, 3])).shape).toEqual([5, 3])
  })

  it.each([
    ['linear', [-1, 2]],
    ['relu', [0, 2]],
    ['leakyRelu', [-0.2, 2]],
    ['tanh', [Math.tanh(-1), Math.tanh(2)]],
    ['sigmoid', [1 / (1 + Math.E), 1 / (1 + Math.exp(-2))]],
    ['gelu', [-0.1586553, 1.9544997]],
    ['softmax', [1 / (1 + Math.exp(3)), 1 / (1 + Math.exp(-3))]],
  ])('Activation %s', (name, expected) => {
    const values = valuesOf(modelOf([2], new layers.Activation(name)).apply(tf.tensor2d([[-1, 2]])))
    values.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 5))
  })

  it('LeakyReLU has the slope 0.3 unless told otherwise', () => {
    const x = tf.tensor2d([[-1, 2]])
    expect(valuesOf(modelOf([2], new layers.LeakyReLU()).apply(x))[0]).toBeCloseTo(-0.3, 6)
    expect(valuesOf(modelOf([2], new layers.LeakyReLU({ negativeSlope: 0.01 })).apply(x))[0]).toBeCloseTo(
      -0.01,
      6,
    )
  })
})

describe('output shapes', () => {
  it.each<[string, () => layers.Layer, Shape]>([
    ['valid convolution', () => new layers.Conv2D(4, { kernelSize: 3 }), [6, 6, 4]],
    ['same convolution', () => new layers.Conv2D(4, { kernelSize: 3, padding: 'same' }), [8, 8, 4]],
    ['strided convolution', () => new layers.Conv2D(4, { kernelSize: [3, 2], strides: 2 }), [3, 4, 4]],
    ['pooling', () => new layers.MaxPooling2D({ poolSize: 3 }), [2, 2, 2]],
    [
      'pooling with strides',
      () => new layers.MaxPooling2D({ poolSize: 3, strides: 1, padding: 'same' }),
      [8, 8, 2],
    ],
    ['flatten', () => new layers.Flatten(), [128]],
    ['dense over the last axis', () => new layers.Dense(5), [8, 8, 5]],
  ])('%s', (_, layer, expected) => {
    const model = modelOf([8, 8, 2], layer())
    expect(model.layers[0]?.outputShape).toEqual(expected)
    expect(model.apply(tf.zeros([3, 8, 8, 2])).shape).toEqual([3, ...expected])
  })
})

describe('initial weights', () => {
  it('are Glorot uniform kernels and zero biases, drawn per layer from the seed', async () => {
    const model = modelOf([30], new layers.Dense(20), new layers.Dense(20))
    const [kernel, bias, next] = (await model.weights()).weights
    const limit = Math.sqrt(6 / 50)
    expect(Math.max(...(kernel?.values.map(Math.abs) ?? []))).toBeLessThanOrEqual(Math.fround(limit))
    expect(Math.max(...(kernel?.values.map(Math.abs) ?? []))).toBeGreaterThan(limit * 0.98)
    expect(new Set(bias?.values)).toEqual(new Set([0]))
    expect(next?.values[0]).not.toBe(kernel?.values[0])
  })

  it('scale a convolution by its receptive field', async () => {
    const model = modelOf([9, 9, 4], new layers.Conv2D(8, { kernelSize: 5 }))
    const limit = Math.sqrt(6 / (25 * 4 + 25 * 8))
    const largest = Math.max(...((await model.weights()).weights[0]?.values.map(Math.abs) ?? []))
    expect(largest).toBeLessThanOrEqual(Math.fround(limit))
    expect(largest).toBeGreaterThan(limit * 0.98)
  })

  it('repeat bit for bit with the seed', async () => {
    const build = () => modelOf([2], new layers.Dense(3)).weights()
    const first = await build()
    expect(await build()).not.toEqual(first)
    setRandomSeed(3)
    expect(await build()).toEqual(first)
  })
})

describe('gradients against central differences', () => {
  const cases: [name: string, inputShape: Shape, stack: () => layers.Layer[]][] = [
    ['Dense', [3], () => [new layers.Dense(2)]],
    ['Dense without bias', [3], () => [new layers.Dense(2, { useBias: false })]],
    ['Dense tanh', [3], () => [new layers.Dense(2, { activation: 'tanh' })]],
    ['Dense sigmoid', [3], () => [new layers.Dense(2, { activation: 'sigmoid' })]],
    ['Dense relu', [3], () => [new layers.Dense(2, { activation: 'relu' })]],
    ['Dense leakyRelu', [3], () => [new layers.Dense(2, { activation: 'leakyRelu' })]],
    ['Dense gelu', [3], () => [new layers.Dense(2, { activation: 'gelu' })]],
    ['Dense softmax', [3], () => [new layers.Dense(3, { activation: 'softmax' })]],
    ['LeakyReLU', [3], () => [new layers.Dense(2), new layers.LeakyReLU()]],
    ['Conv2D', [4, 4, 2], () => [new layers.Conv2D(2, { kernelSize: 3, activation: 'tanh' })]],
    [
      'Conv2D same, strides 2',
      [5, 4, 1],
      () => [new layers.Conv2D(2, { kernelSize: 3, padding: 'same', strides: 2 })],
    ],
    ['MaxPooling2D', [4, 4, 1], () => [new layers.Conv2D(2, { kernelSize: 1 }), new layers.MaxPooling2D()]],
    [
      'AveragePooling2D',
      [4, 4, 1],
      () => [
        new layers.Conv2D(2, { kernelSize: 1 }),
        new layers.AveragePooling2D({ padding: 'same', poolSize: 3 }),
      ],
    ],
    [
      'BatchNormalization',
      [3],
      () => [new layers.Dense(2, { activation: 'tanh' }), new layers.BatchNormalization()],
    ],
    ['BatchNormalization of images', [2, 3, 2], () => [new layers.BatchNormalization()]],
    ['LayerNormalization', [3], () => [new layers.Dense(4), new layers.LayerNormalization()]],
    ['Flatten', [2, 2, 2], () => [new layers.Flatten(), new layers.Dense(2)]],
  ]

  it.each(cases)('%s', (_, inputShape, stack) => {
    const model = modelOf(inputShape, ...stack())
    const x = numbers([2, ...inputShape], 'x')
    const weighting = numbers(model.apply(x).shape, 'weighting')
    const loss = () => tf.sum(tf.mul(model.apply(x, { training: true }), weighting))
    const variables = model.trainableVariables.map(({ variable }) => variable)
    const { gradients } = withTape(loss, variables)
    for (const [index, variable] of variables.entries()) {
      const analytic = valuesOf(gradients[index] ?? tf.scalar(NaN))
      centralDifferences(loss, variable).forEach((numeric, at) =>
        expect(analytic[at]).toBeCloseTo(numeric, 2),
      )
    }
  })

  function centralDifferences(loss: () => tf.Tensor, variable: tf.Variable, step = 4e-3): number[] {
    const start = valuesOf(variable)
    const lossWith = (values: number[]) => {
      variable.assign(tf.tensor(values, variable.shape))
      return loss().dataSync()[0] ?? NaN
    }
    const slopes = start.map((value, index) => {
      const up = lossWith(start.with(index, value + step))
      return (up - lossWith(start.with(index, value - step))) / (2 * step)
    })
    variable.assign(tf.tensor(start, variable.shape))
    return slopes
  }
})

describe('errors', () => {
  it.each([
    [() => new layers.Dense(0), 'Dense: expected units to be a positive whole number, got 0. Correct units.'],
    [
      () => new layers.Conv2D(1.5, { kernelSize: 3 }),
      'Conv2D: expected filters to be a positive whole number, got 1.5.',
    ],
    [
      () => new layers.Conv2D(1, { kernelSize: [3, 0] }),
      'Conv2D: expected kernelSize to be a positive whole number or a list of two, got [3, 0].',
    ],
    [
      () => new layers.MaxPooling2D({ poolSize: -2 }),
      'MaxPooling2D: expected poolSize to be a positive whole number or a list of two, got -2.',
    ],
    [
      () => new layers.Conv2D(1, { kernelSize: 3, padding: 'smae' as 'same' }),
      "Conv2D: expected padding to be 'valid' or 'same', got smae. Correct padding.",
    ],
    [
      () => new layers.AveragePooling2D({ size: 2 } as object),
      'AveragePooling2D: expected the option poolSize, got size. Write poolSize.',
    ],
    [() => new layers.Embedding(0, 2), 'Embedding: expected inputDim to be a positive whole number, got 0.'],
    [
      () => new layers.BatchNormalization({ momentum: 2 }),
      'BatchNormalization: expected momentum to be a number from 0 to 1, got 2.',
    ],
    [
      () => new layers.BatchNormalization({ formulation: 'jax' as 'torch' }),
      "BatchNormalization: expected formulation to be 'keras' or 'torch', got jax.",
    ],
    [
      () => modelOf([2, 2, 3], new layers.BatchNormalization({ axis: 1 })),
      'BatchNormalization: expected axis -1, got 1. Images have their channels last here.',
    ],
    [
      () => new layers.LayerNormalization({ eps: 1 } as object),
      'LayerNormalization: expected the option epsilon, got eps. Write epsilon.',
    ],
    [() => new layers.Dense(1, { activation: 'leaky' }), "got 'leaky'. Write 'linear'."],
    [
      () => new layers.Dense(1, { bias: false } as object),
      'Dense: expected the option useBias, got bias. Write useBias.',
    ],
    [
      () => new layers.Conv2D(1, { kernelSize: 1, stride: 2 } as { kernelSize: number }),
      'Conv2D: expected the option strides, got stride. Write strides.',
    ],
    [
      () => new layers.MaxPooling2D({ size: 2 } as object),
      'MaxPooling2D: expected the option poolSize, got size. Write poolSize.',
    ],
    [
      () => new layers.LeakyReLU({ alpha: 2 } as object),
      'LeakyReLU: expected the option negativeSlope, got alpha. Write negativeSlope.',
    ],
    [() => new layers.Dense(1).outputShape, 'Dense: expected a built layer, got one without an input shape.'],
  ])('%#', (act, message) => {
    expect(act).toThrow(ArgumentError)
    expect(act).toThrow(message)
  })

  it.each([
    [
      () => modelOf([4], new layers.Conv2D(1, { kernelSize: 3 })),
      'Conv2D: expected examples [height, width, channels], got [4].',
    ],
    [
      () => modelOf([4], new layers.MaxPooling2D()),
      'MaxPooling2D: expected examples [height, width, channels], got [4].',
    ],
    [
      () => modelOf([2, 2, 1], new layers.Conv2D(1, { kernelSize: 3 })),
      'Conv2D: expected an input large enough for one window, got [2, 2, 1].',
    ],
  ])('of shape %#', (act, message) => {
    expect(act).toThrow(ShapeError)
    expect(act).toThrow(message)
  })
})

describe('origin of kernels', () => {
  class Spy extends layers.Layer {
    readonly seen: string[] = []

    override call(x: tf.Tensor): tf.Tensor {
      const { layer, line } = currentOrigin()
      this.seen.push(`${layer} ${line}`)
      return x
    }

    override computeOutputShape(inputShape: readonly (number | null)[]) {
      return inputShape
    }
  }

  it('is the name in the model and the line that made the layer', () => {
    let line = 7
    setLineSource(() => line)
    const spies = [new Spy(), new Spy()]
    line = 9
    modelOf([2], ...spies).apply(tf.zeros([1, 2]))
    setLineSource(null)
    expect(spies.map(({ seen }) => seen)).toEqual([['spy 7'], ['spy_1 7']])
    expect(currentOrigin().layer).toBe('')
  })
})

it("an LSTM in the formulation of PyTorch has two rows of biases, and a simple RNN's may be of no other", () => {
  const model = new Sequential([Input({ shape: [2, 3] }), new layers.LSTM(4, { formulation: 'torch' })])
  expect(model.layers[0]?.weights.map(({ variable }) => variable.shape)).toEqual([
    [3, 16],
    [4, 16],
    [2, 16],
  ])
  expect(() => new layers.SimpleRNN(2, { formulation: 'jax' as never })).toThrow(
    "SimpleRNN: expected formulation to be 'keras' or 'torch', got jax. Correct formulation.",
  )
})
