import { describe, expect, it } from 'vitest'
import { readSafetensors, writeSafetensors } from './safetensors'
import { nameInFile, writeWeights } from './weightsFile'
import { toLayout } from '../nn/weightLayouts'
import type { ModelWeights, Weight } from '../nn/weights'
import { sizeOf, type Shape } from '../util/shapes'
import { prefixNote, readWeights, readWeightsAs } from './readWeights'

function weight(name: string, shape: Shape, rest: Partial<Weight> = {}): Weight {
  return { name, shape, values: Float32Array.from({ length: sizeOf(shape) }, (_, i) => i + 0.5), ...rest }
}

const image = { flattenedFrom: [2, 2, 3] } as const
const keras: ModelWeights = {
  layout: 'keras',
  weights: [
    weight('conv2d/kernel', [3, 3, 1, 3]),
    weight('batch_normalization/moving_mean', [3]),
    weight('dense/kernel', [12, 2], image),
    weight('dense/bias', [2]),
  ],
}
const torchNames = ['0.weight', '1.runningMean', '4.weight', '4.bias']
const inTorch = toLayout(keras, 'torch').weights
const torch: ModelWeights = {
  layout: 'torch',
  // Before its first batch a PyTorch-style model does not know what was flattened.
  weights: inTorch.map((each, index) => ({
    ...each,
    name: torchNames[index] ?? '',
    flattenedFrom: undefined,
  })),
}
const model = { keras, torch }
const names = (file: Uint8Array) => readSafetensors(file).map(({ name }) => name)

const read = (bytes: Uint8Array) => readWeights({ where: '--init', bytes }, model)

describe('a file of weights', () => {
  it('has the names of its framework', () => {
    expect(names(writeWeights(torch))).toEqual(['0.weight', '1.running_mean', '4.weight', '4.bias'])
    expect(names(writeWeights(keras))).toEqual(keras.weights.map(({ name }) => name))
  })

  it('is read in its own layout, with what converts it to the other', () => {
    expect(read(writeWeights(keras))).toEqual({ ...keras, prefix: '' })
    const inOwnLayout = read(writeWeights(torch))
    expect(inOwnLayout.layout).toBe('torch')
    const values = (weights: ModelWeights) => weights.weights.map((each) => each.values)
    expect(values(toLayout(inOwnLayout, 'keras'))).toEqual(values(keras))
  })

  it('is brought into the layout and names of either style', () => {
    for (const given of [keras, torch]) {
      const file = { where: '--weights', bytes: writeWeights(given) }
      for (const wanted of [keras, torch]) {
        const { layout, weights } = readWeightsAs(wanted.layout, file, model)
        expect(layout).toBe(wanted.layout)
        expect(weights.map(({ name }) => name)).toEqual(wanted.weights.map(({ name }) => name))
        expect(weights.map(({ values }) => values)).toEqual(wanted.weights.map(({ values }) => values))
      }
    }
  })

  it('may have its tensors in any order, and what PyTorch counts', () => {
    const tensors = torch.weights.map(({ name, shape, values }) => ({ name, shape, values })).reverse()
    const spelled = tensors.map((each) => ({
      ...each,
      name: each.name.replace('runningMean', 'running_mean'),
    }))
    const count = { name: '1.num_batches_tracked', shape: [], values: Float32Array.of(3) }
    expect(read(writeSafetensors([...spelled, count]))).toEqual(read(writeWeights(torch)))
  })

  it.each([
    [torch, 'module.'],
    [torch, '_orig_mod.module.'],
    [torch, 'model.'],
    [keras, 'sequential/'],
    [keras, 'functional_1/'],
  ])('is read without what a wrapper puts before all its names, and says so', (given, prefix) => {
    const wrapped = given.weights.map((each) => ({ ...each, name: `${prefix}${nameInFile(each.name)}` }))
    const found = read(writeSafetensors(wrapped))
    expect(found).toEqual({ ...read(writeWeights(given)), prefix })
    expect(prefixNote(found)).toBe(`'${prefix}' before the names in the file was left out.`)
    expect(prefixNote(read(writeWeights(given)))).toBeNull()
    const [first, ...others] = wrapped
    const loose = writeSafetensors([
      ...others,
      { ...weight('0.weight', [3, 1, 3, 3]), ...first, name: 'loose.name' },
    ])
    expect(() => read(loose)).toThrow(/expected one of/)
  })

  it('is read for a model of one style by the names of that style alone', () => {
    const file = { where: 'net.safetensors', bytes: writeWeights(keras) }
    expect(readWeights(file, { keras })).toEqual({ ...keras, prefix: '' })
    expect(() => readWeights(file, { torch })).toThrow(
      "net.safetensors: expected PyTorch names such as '0.weight', got Keras names such as 'conv2d/kernel'. Load the file into a lane of that style.",
    )
    expect(() => readWeights({ ...file, bytes: writeWeights(torch) }, { keras })).toThrow(
      "net.safetensors: expected Keras names such as 'conv2d/kernel', got PyTorch names such as '0.weight'. Load the file into a lane of that style.",
    )
  })

  it.each([
    [
      [weight('0.weight', [3, 1, 3, 3])],
      "--init: tensor '1.running_mean': expected [3], got none among 0.weight.",
    ],
    [[weight('7.weight', [1])], "--init: tensor '7.weight': expected one of 0.weight, 1.running_mean,"],
    [
      [weight('dense/kernel', [1]), weight('dense_9/bias', [1])],
      "--init: tensor 'dense_9/bias': expected one of conv2d/kernel,",
    ],
    [
      [weight('0.weight', [3, 3, 1, 3])],
      "--init: tensor '0.weight': expected [3, 1, 3, 3], got [3, 3, 1, 3].",
    ],
    [[], "--init: tensor '0.weight': expected [3, 1, 3, 3], got none among no tensors."],
  ])('is refused where it does not fit', (tensors, message) => {
    expect(() => read(writeSafetensors(tensors))).toThrow(message)
  })
})
