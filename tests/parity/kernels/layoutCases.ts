/** Cases of kernels that move, join, cut or make values, and of reads and writes at computed positions. */
import { tf } from '../../../src/lib/core/eager/tfjs'
import { flags, floats, integers, positions, ties, withGradients, type KernelCase } from './kernelCase'

const layout: readonly KernelCase[] = [
  ...[0, 1, -1].map((axis) => ({
    name: `concat on axis ${axis}`,
    inputs: [floats(2, 3), floats(2, 3)],
    run: withGradients((a, b) => tf.concat([a, b], axis)),
  })),
  ...[0, 1, -1].map((axis) => ({
    name: `stack and unstack on axis ${axis}`,
    inputs: [floats(2, 3), floats(2, 3)],
    run: withGradients((a, b) => tf.addN(tf.unstack(tf.stack([a, tf.square(b)], axis), axis))),
  })),
  ...[0, 1, -1].map((axis) => ({
    name: `split on axis ${axis}`,
    inputs: [floats(4, 4)],
    run: (x: tf.Tensor) => [...tf.split(x, 2, axis), ...tf.split(x, [1, -1], axis)],
  })),
  {
    name: 'split, gradient',
    inputs: [floats(4, 3)],
    run: withGradients((x) => {
      const [first, second] = tf.split(x, [1, 3])
      return first && second ? tf.mul(first, second) : x
    }),
  },
  {
    name: 'expandDims, squeeze, reshape',
    inputs: [floats(2, 3)],
    run: withGradients((x) => tf.reshape(tf.squeeze(tf.expandDims(tf.expandDims(x, 1), -1)), [3, -1])),
  },
  {
    name: 'slice',
    inputs: [floats(4, 5)],
    run: withGradients((x) => tf.slice(x, [1, 2], [2, -1])),
  },
  {
    name: 'slice from a number',
    inputs: [floats(4, 5)],
    run: (x) => [tf.slice(x, 1), tf.slice(x, [1], [2])],
  },
  {
    name: 'pad',
    inputs: [floats(2, 3), integers(3)],
    run: (x, n) => [
      tf.pad(x, [[1, 0], [0, 2]], -1.5), // prettier-ignore
      tf.pad(n, [[2, 1]], 7),
    ],
  },
  {
    name: 'pad, gradient',
    inputs: [floats(2, 3)],
    run: withGradients((x) => tf.pad(x, [[1, 1], [2, 0]])), // prettier-ignore
  },
  ...[undefined, [0], [-1], [0, 2]].map((axes) => ({
    name: `reverse on ${JSON.stringify(axes)}`,
    inputs: [floats(2, 3, 2)],
    run: withGradients((x) => tf.reverse(x, axes)),
  })),
  {
    name: 'transpose',
    inputs: [floats(2, 3, 4)],
    run: withGradients((x) => tf.transpose(x, [2, 0, 1])),
  },
  { name: 'transpose without axes', inputs: [floats(2, 3)], run: (x) => tf.transpose(x) },
  {
    name: 'tile and broadcastTo',
    inputs: [floats(2, 1)],
    run: withGradients((x) => tf.broadcastTo(tf.tile(x, [1, 3]), [4, 2, 3])),
  },
  {
    name: 'fill, zerosLike, onesLike',
    inputs: [floats(2), flags(2)],
    run: (x, flag) => [
      tf.add(x, tf.fill([2], 1.5)),
      tf.fill([3], 2, 'int32'),
      tf.zerosLike(x),
      tf.onesLike(x),
      tf.zerosLike(flag),
    ],
  },
  {
    name: 'range and linspace',
    inputs: [floats(4)],
    run: (x) => [
      tf.mul(x, tf.range(0, 4)),
      tf.range(4, 0),
      tf.range(0, 1, 0.3),
      tf.range(7, 1, -2, 'int32'),
      tf.linspace(-1, 1, 5),
    ],
  },
]

const indexing: readonly KernelCase[] = [
  ...[0, 1, -1].map((axis) => ({
    name: `gather on axis ${axis}`,
    inputs: [floats(5, 5), positions(7)],
    run: withGradients((x, indices) => tf.gather(x, indices, axis), 1),
  })),
  {
    name: 'gather of a batch of sequences',
    inputs: [floats(5, 3), positions(2, 4)],
    run: withGradients((x, indices) => tf.gather(x, indices), 1),
  },
  {
    name: 'gatherND',
    inputs: [floats(5, 5, 2), positions(4, 2)],
    run: (x, indices) => tf.gatherND(x, indices),
  },
  {
    name: 'scatterND adds where positions meet',
    inputs: [positions(9, 1), floats(9, 2)],
    run: (indices, updates) => tf.scatterND(indices, updates, [5, 2]),
  },
  {
    name: 'unsortedSegmentSum',
    inputs: [floats(9, 2), positions(9)],
    run: withGradients((x, ids) => tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 6), 1),
  },
  { name: 'oneHot', inputs: [positions(7)], run: (indices) => tf.oneHot(indices, 4) },
  { name: 'oneHot of a matrix', inputs: [positions(2, 3)], run: (indices) => tf.oneHot(indices, 5) },
  {
    name: 'oneHot with values',
    inputs: [positions(7)],
    run: (indices) => [tf.oneHot(indices, 5, 0.9, 0.025), tf.oneHot(indices, 5, 3, -1, 'int32')],
  },
  ...(
    [
      ['forwards', [0, 1], [4, 5], [2, 3]],
      ['backwards', [3, 4], [0, 1], [-1, -2]],
      ['from the end', [-3, -4], [-1, -1], [1, 1]],
    ] as const
  ).map(([name, begin, end, strides]) => ({
    name: `stridedSlice ${name}`,
    inputs: [floats(4, 5)],
    run: (x: tf.Tensor) => tf.stridedSlice(x, [...begin], [...end], [...strides]),
  })),
  {
    name: 'stridedSlice with masks',
    inputs: [floats(4, 5, 2)],
    run: (x) => [
      tf.stridedSlice(x, [3, 1, 0], [0, 4, 1], [-1, 2, 1], 0, 1),
      tf.stridedSlice(x, [1, 0], [2, 1], [1, 1], 0, 0, 0, 0, 3),
    ],
  },
]

const axes = [undefined, 0, 1, -1, [0, 2]] as const

const reductions: Readonly<
  Record<string, (x: tf.Tensor, axis?: number | number[], keep?: boolean) => tf.Tensor>
> = {
  max: tf.max,
  mean: tf.mean,
  min: tf.min,
  sum: tf.sum,
}

const reducing: readonly KernelCase[] = [
  ...Object.entries(reductions).flatMap(([name, reduce]) =>
    axes.flatMap((given) =>
      [false, true].map((keep) => {
        const axis = typeof given === 'object' ? [...given] : given
        return {
          name: `${name} over ${JSON.stringify(given)}${keep ? ', axes kept' : ''}`,
          inputs: [floats(2, 3, 4)],
          run: withGradients((x) => reduce(x, axis, keep)),
        }
      }),
    ),
  ),
  { name: 'max of ties', inputs: [ties(4, 6)], run: withGradients((x) => tf.max(x, 1)) },
  {
    name: 'reductions of int32',
    inputs: [integers(3, 4)],
    run: (x) => [tf.sum(x, 1), tf.max(x), tf.min(x, 0), tf.prod(x, 1), tf.mean(x, 0)],
  },
  {
    name: 'reductions of bool',
    inputs: [flags(3, 4)],
    run: (x) => [tf.sum(x), tf.mean(x, 1), tf.all(x, 1), tf.any(x, 0, true), tf.all(x)],
  },
  { name: 'prod', inputs: [floats(3, 4)], run: (x) => [tf.prod(x), tf.prod(x, -1, true)] },
  ...[0, 1, -1].map((axis) => ({
    name: `argMax and argMin on axis ${axis}, first of equals`,
    inputs: [ties(4, 6), integers(4, 6)],
    run: (x: tf.Tensor, n: tf.Tensor) => [tf.argMax(x, axis), tf.argMin(x, axis), tf.argMax(n, axis)],
  })),
  {
    name: 'softmax, logSoftmax, logSumExp',
    inputs: [floats(3, 5)],
    run: withGradients((x) => tf.add(tf.add(tf.softmax(x), tf.logSoftmax(x)), tf.logSumExp(x, 1, true))),
  },
  ...[0, 1].map((axis) => ({
    name: `cumsum on axis ${axis}`,
    inputs: [floats(3, 4)],
    run: (x: tf.Tensor) => [tf.cumsum(x, axis), tf.cumsum(x, axis, true), tf.cumsum(x, axis, true, true)],
  })),
  {
    name: 'cumsum, gradient',
    inputs: [floats(3, 4)],
    run: withGradients((x) => tf.cumsum(x, 1)),
  },
  {
    name: 'moments',
    inputs: [floats(4, 3)],
    run: withGradients((x) => {
      const { mean, variance } = tf.moments(x, 0)
      return tf.add(mean, variance)
    }),
  },
]

export const layoutCases: readonly KernelCase[] = [...layout, ...indexing, ...reducing]
