/** Cases of matrix products, convolutions and pooling. */
import { tf } from '../../../src/lib/core/eager/tfjs'
import { floats, negatives, ties, withGradients, type Argument, type KernelCase } from './kernelCase'

type Padding = Parameters<typeof tf.conv2d>[3]

interface WindowCase {
  readonly name: string
  readonly image: readonly [number, number, number, number]
  readonly kernel: [number, number]
  readonly strides: [number, number]
  readonly pad: Padding
  readonly rounding?: 'floor' | 'round' | 'ceil'
}

const windows: readonly WindowCase[] = [
  { name: 'valid', image: [2, 6, 5, 3], kernel: [3, 2], strides: [1, 1], pad: 'valid' },
  { name: 'same', image: [2, 5, 6, 3], kernel: [3, 3], strides: [1, 1], pad: 'same' },
  { name: 'same, even kernel', image: [2, 5, 6, 3], kernel: [2, 4], strides: [1, 1], pad: 'same' },
  { name: 'stride = kernel', image: [2, 6, 4, 3], kernel: [2, 2], strides: [2, 2], pad: 'valid' },
  {
    name: 'stride = kernel, a rest uncovered',
    image: [2, 7, 8, 3],
    kernel: [2, 3],
    strides: [2, 3],
    pad: 'valid',
  },
  { name: 'stride < kernel', image: [2, 7, 9, 3], kernel: [3, 3], strides: [2, 2], pad: 'valid' },
  {
    name: 'stride < kernel, a rest uncovered',
    image: [2, 8, 9, 3],
    kernel: [3, 4],
    strides: [2, 3],
    pad: 'valid',
  },
  { name: 'stride 2, same', image: [2, 6, 7, 3], kernel: [3, 3], strides: [2, 2], pad: 'same' },
  { name: 'stride 3 > kernel, same', image: [2, 8, 7, 2], kernel: [2, 2], strides: [3, 3], pad: 'same' },
  { name: 'number', image: [2, 6, 7, 2], kernel: [3, 3], strides: [2, 2], pad: 1, rounding: 'floor' },
  { name: 'one window', image: [2, 4, 4, 2], kernel: [4, 4], strides: [1, 1], pad: 'valid' },
  { name: 'kernel of one', image: [2, 4, 4, 2], kernel: [1, 1], strides: [1, 1], pad: 'valid' },
  {
    name: 'explicit',
    image: [2, 6, 6, 2],
    kernel: [3, 3],
    strides: [2, 1],
    pad: [[0, 0], [1, 0], [0, 2], [0, 0]], // prettier-ignore
    rounding: 'floor',
  },
]

const image = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D

const convolutions: readonly KernelCase[] = windows.flatMap((window) => {
  const { kernel, strides, pad, rounding } = window
  const channels = window.image[3]
  return [
    {
      name: `conv2d ${window.name}`,
      inputs: [floats(...window.image), floats(...kernel, channels, 4)],
      run: withGradients((x, filter) =>
        tf.conv2d(image(x), image(filter), strides, pad, 'NHWC', 1, rounding),
      ),
    },
    {
      name: `depthwiseConv2d ${window.name}`,
      inputs: [floats(...window.image), floats(...kernel, channels, 2)],
      run: withGradients((x, filter) =>
        tf.depthwiseConv2d(image(x), image(filter), strides, pad, 'NHWC', 1, rounding),
      ),
    },
  ]
})

const otherConvolutions: readonly KernelCase[] = [
  {
    name: 'conv2d with dilation',
    inputs: [floats(2, 7, 8, 3), floats(3, 2, 3, 4)],
    run: (x, filter) => tf.conv2d(image(x), image(filter), 1, 'same', 'NHWC', [2, 3]),
  },
  {
    name: 'depthwiseConv2d with dilation',
    inputs: [floats(2, 7, 8, 3), floats(3, 2, 3, 2)],
    run: (x, filter) => tf.depthwiseConv2d(image(x), image(filter), 1, 'same', 'NHWC', [2, 3]),
  },
  {
    name: 'conv2d of channels first',
    inputs: [floats(2, 3, 6, 5), floats(3, 3, 3, 4)],
    run: withGradients((x, filter) => tf.conv2d(image(x), image(filter), 2, 'same', 'NCHW')),
  },
  {
    name: 'conv2dTranspose',
    inputs: [floats(2, 3, 3, 4), floats(3, 3, 2, 4)],
    run: withGradients((x, filter) =>
      tf.conv2dTranspose(image(x), image(filter), [2, 6, 6, 2], [2, 2], 'same'),
    ),
  },
  ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const).flatMap((activation) => [
    {
      name: `fused conv2d, ${activation}`,
      inputs: [floats(2, 5, 5, 3), floats(3, 3, 3, 4), floats(4), floats(4)],
      run: fusedConvolution(activation),
    },
    {
      name: `fused matMul, ${activation}`,
      inputs: [floats(3, 4), floats(4, 5), floats(5), floats(5)],
      run: fusedProduct(activation),
    },
  ]),
  {
    name: 'fused depthwiseConv2d',
    inputs: [floats(2, 5, 5, 3), floats(3, 3, 3, 2), floats(6)],
    run: (x, filter, bias) =>
      tf.fused.depthwiseConv2d({
        x: image(x),
        filter: image(filter),
        strides: 1,
        pad: 'same',
        bias,
        activation: 'relu',
      }),
  },
]

type FusedActivation = NonNullable<Parameters<typeof tf.fused.matMul>[0]['activation']>

function fusedConvolution(activation: FusedActivation): KernelCase['run'] {
  return (x, filter, bias, preluActivationWeights) =>
    tf.fused.conv2d({
      x: image(x),
      filter: image(filter),
      strides: 1,
      pad: 'same',
      bias,
      activation,
      leakyreluAlpha: 0.1,
      ...(activation === 'prelu' && { preluActivationWeights }),
    })
}

function fusedProduct(activation: FusedActivation): KernelCase['run'] {
  return (a, b, bias, preluActivationWeights) =>
    tf.fused.matMul({
      a,
      b,
      bias,
      activation,
      leakyreluAlpha: 0.1,
      ...(activation === 'prelu' && { preluActivationWeights }),
    })
}

const images: Readonly<Record<string, (...shape: number[]) => Argument>> = {
  'different values': floats,
  ties: ties,
  'negative values': negatives,
}

const pooling: readonly KernelCase[] = windows.flatMap(
  ({ name, image: shape, kernel, strides, pad, rounding }) =>
    Object.entries(images).flatMap(([values, draw]) => [
      {
        name: `maxPool ${name}, ${values}`,
        inputs: [draw(...shape)],
        run: withGradients((x) => tf.maxPool(image(x), kernel, strides, pad, rounding)),
      },
      {
        name: `avgPool ${name}, ${values}`,
        inputs: [draw(...shape)],
        run: withGradients((x) => tf.avgPool(image(x), kernel, strides, pad, rounding)),
      },
    ]),
)

const products: readonly KernelCase[] = [
  ...[false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      name: `matMul, transposed ${transposeA}, ${transposeB}`,
      inputs: [transposeA ? floats(4, 3) : floats(3, 4), transposeB ? floats(5, 4) : floats(4, 5)],
      run: withGradients((a, b) => tf.matMul(a, b, transposeA, transposeB)),
    })),
  ),
  {
    name: 'matMul of batches',
    inputs: [floats(2, 3, 4), floats(2, 5, 4)],
    run: withGradients((a, b) => tf.matMul(a, b, false, true)),
  },
  {
    name: 'matMul of a batch with one matrix',
    inputs: [floats(2, 3, 4), floats(1, 4, 5)],
    run: (a, b) => tf.matMul(a, b),
  },
  {
    name: 'dot and outerProduct',
    inputs: [floats(4), floats(4)],
    run: withGradients((a, b) => tf.add(tf.dot(a, b), tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D))),
  },
]

export const productCases: readonly KernelCase[] = [
  ...products,
  ...convolutions,
  ...otherConvolutions,
  ...pooling,
]
