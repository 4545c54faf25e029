/** Metrics, fit, initializers and functions of Keras (makeKerasFixtures.py) against those of 'tandem/keras'. */
import { readFileSync } from 'node:fs'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NdArray } from '../../src/lib/core/data/types'
import { initialiseBackend } from '../../src/lib/core/eager/backends'
import { tf } from '../../src/lib/core/eager/tfjs'
import * as keras from '../../src/lib/core/keras'
import type { Initializer } from '../../src/lib/core/keras/initializers'
import type { Regularizer } from '../../src/lib/core/keras/regularizers'
import { inCamelCase } from '../../src/lib/core/util/spelling'
import { expectClose, expectStatistics, type Statistics } from './comparison'
import { arrayOf, call, make, tensorOf, titled, type Call, type Values } from './kerasCalls'

type Numbers = readonly number[]
type Figures = Readonly<Record<string, number>>
type Nested = number | boolean | readonly Nested[]

interface FitFixture {
  readonly name: string
  readonly last: string
  readonly compile: object
  readonly fit: object
  readonly x: Values
  readonly y: Values
  readonly weights: readonly Values[]
  readonly evaluated: Figures
  readonly epochs: Numbers
  readonly history: Readonly<Record<string, Numbers>>
  readonly after: readonly Numbers[]
  readonly batch: Figures
}

interface MetricFixture {
  readonly metric: Call
  readonly batches: readonly {
    readonly y: Values | null
    readonly outputs: Values
    readonly result: number
  }[]
}

interface FunctionFixture {
  readonly name: string
  readonly inputs: readonly Nested[]
  readonly args: readonly unknown[]
  readonly value?: unknown
  readonly output?: Values
  readonly gradients?: readonly Numbers[]
}

interface Fixtures {
  readonly fits: readonly FitFixture[]
  readonly metrics: readonly MetricFixture[]
  readonly initializers: readonly { readonly initializer: Call; readonly statistics: Statistics }[]
  readonly defaultWeights: readonly {
    readonly layer: Call
    readonly shape: Numbers
    readonly statistics: Readonly<Record<string, readonly [size: number, ...Statistics]>>
  }[]
  readonly ops: readonly FunctionFixture[]
  readonly activations: readonly FunctionFixture[]
  readonly regularizers: readonly {
    readonly regularizer: Call
    readonly weight: Values
    readonly penalty: number
  }[]
  readonly categorical: readonly { readonly args: readonly [number[], number?]; readonly output: Values }[]
}

const file = new URL('kerasFixtures.json', import.meta.url)
const fixtures = JSON.parse(readFileSync(file, 'utf8')) as Fixtures

function expectFigures(actual: Figures, expected: Figures, what: string): void {
  const names = Object.keys(expected).toSorted()
  expect(Object.keys(actual).toSorted(), what).toEqual(names.map(inCamelCase).toSorted())
  for (const name of names)
    expectClose([actual[inCamelCase(name)] ?? NaN], [expected[name] ?? NaN], `${what} ${name}`)
}

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => keras.setRandomSeed(1))

describe('fit, evaluate and trainOnBatch', () => {
  it.each(fixtures.fits)('$name', async (fixture) => {
    const { last, x, y } = fixture
    const model = new keras.Sequential([
      keras.Input({ shape: [3] }),
      new keras.layers.Dense(4, { activation: 'tanh' }),
      make<keras.layers.Dense>('layers', 'Dense', 3, { activation: last }),
    ])
    const optimizer = 'optimizer' in fixture.compile ? {} : { optimizer: new keras.optimizers.SGD(0.1) }
    const named = Object.fromEntries(Object.entries(fixture.compile).filter(([, value]) => value !== null))
    model.compile({ ...optimizer, ...named, runEagerly: true })
    model.setWeights(fixture.weights.map(arrayOf))
    const [given, labels] = [arrayOf(x), arrayOf(y)]
    expectFigures(await model.evaluate(given, labels, { batchSize: 4 }), fixture.evaluated, 'evaluated')
    const options = { batchSize: 4, epochs: 3, shuffle: false, ...fixture.fit }
    const { epoch, history } = await model.fit(given, labels, options)
    expect(epoch).toEqual(fixture.epochs)
    for (const [name, figures] of Object.entries(fixture.history))
      expectClose(history[inCamelCase(name)] ?? [], figures, name)
    for (const [index, { values }] of (await model.getWeights()).entries())
      expectClose(values, fixture.after[index] ?? [], `weight ${index}`)
    const first = ({ shape: [, width = 1], values, dtype }: NdArray): NdArray => {
      return { shape: [4, width], values: values.slice(0, 4 * width), dtype }
    }
    expectFigures(await model.trainOnBatch(first(given), first(labels)), fixture.batch, 'batch')
  })
})

describe('metrics', () => {
  it.each(titled(fixtures.metrics, ({ metric }) => metric))('%s', (_, { metric, batches }) => {
    const given = make<keras.metrics.Metric>('metrics', ...metric)
    for (const { y, outputs, result } of batches) {
      const labels =
        metric[0].startsWith('Sparse') && y ? tf.tensor1d([...y.values], 'int32') : y && tensorOf(y)
      if (given instanceof keras.metrics.Mean) given.updateState(tensorOf(outputs))
      else given.updateState(labels ?? [], tensorOf(outputs))
      expectClose(given.result().dataSync(), [result], 'result')
    }
  })
})

describe('initializers, by the statistics of many draws', () => {
  it.each(titled(fixtures.initializers, ({ initializer }) => initializer))(
    '%s',
    (what, { initializer, statistics }) => {
      const values = make<Initializer>('initializers', ...initializer).values([150, 400])
      expectStatistics(values, statistics, what)
    },
  )

  it('orthogonal makes orthonormal columns', () => {
    const columns = new keras.initializers.Orthogonal().values([6, 4])
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) {
        let product = 0
        for (let row = 0; row < 6; row++) product += (columns[4 * row + a] ?? 0) * (columns[4 * row + b] ?? 0)
        expect(product).toBeCloseTo(a === b ? 1 : 0, 6)
      }
  })
})

describe('weights that layers start with, by the statistics of many draws', () => {
  it.each(titled(fixtures.defaultWeights, ({ layer }) => layer))('%s', (_, { layer, shape, statistics }) => {
    const made = make<keras.layers.Dense>('layers', ...layer)
    made.buildOn(shape)
    expect(made.weights.map(({ name }) => name)).toEqual(Object.keys(statistics))
    for (const { name, variable } of made.weights) {
      const [size, ...expected] = statistics[name] ?? [0, 0, 0, 0, 0]
      expect(variable.size).toBe(size)
      expectStatistics(variable.dataSync(), expected, name)
    }
  })
})

const isNumbers = (value: Nested): boolean =>
  Array.isArray(value) ? value.every(isNumbers) : typeof value === 'number'

/** Of a tensor, an array or one number. */
function arrayIn(output: unknown): Pick<NdArray, 'shape' | 'values'> {
  if (output instanceof tf.Tensor) {
    const tensor = output as tf.Tensor
    return { shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) }
  }
  return typeof output === 'number'
    ? { shape: [] as number[], values: Float32Array.of(output) }
    : (output as NdArray)
}

/** The output, and gradients of the sum of its values weighted by 1, 2, 3 … */
async function expectFunction(
  module: string,
  { name, inputs, args, ...fixture }: FunctionFixture,
): Promise<void> {
  const isList = name === 'concatenate' || name === 'stack'
  const given = (isList ? (inputs[0] as Nested[]) : inputs).map((each) =>
    tf.tensor(each as never, undefined, isNumbers(each) ? 'float32' : 'bool'),
  )
  const run = (tensors: tf.Tensor[]) =>
    call<unknown>(module, name, [...(isList ? [tensors] : tensors), ...args])
  const output: unknown = await Promise.resolve(run(given))
  if (!fixture.output) {
    expect(output).toEqual(fixture.value)
    return
  }
  const { shape, values } = arrayIn(output)
  expect(shape).toEqual(fixture.output.shape)
  expectClose(values, fixture.output.values, 'output')
  const sources = given.filter(({ dtype }) => dtype === 'float32')
  if (!fixture.gradients) return
  const weighted = (...tensors: tf.Tensor[]) => {
    const result = run(given.map((each) => tensors[sources.indexOf(each)] ?? each)) as tf.Tensor
    return tf.sum(tf.mul(tf.reshape(result, [-1]), tf.range(1, result.size + 1)))
  }
  for (const [index, gradient] of tf.grads(weighted)(sources).entries())
    expectClose(gradient.dataSync(), fixture.gradients[index] ?? [], `gradient ${index}`)
}

const nameOf = ({ name, inputs, args }: FunctionFixture) => [name, ...inputs, ...args]

describe.each(['ops', 'activations'] as const)('%s', (module) => {
  it.each(titled(fixtures[module], nameOf))('%s', (_, fixture) => expectFunction(module, fixture))
})

describe('regularizers', () => {
  it.each(titled(fixtures.regularizers, ({ regularizer }) => regularizer))('%s', (_, fixture) => {
    const given = make<Regularizer>('regularizers', ...fixture.regularizer)
    expectClose(given.penalty(tensorOf(fixture.weight)).dataSync(), [fixture.penalty], 'penalty')
  })
})

describe('utils.toCategorical', () => {
  it.each(titled(fixtures.categorical, ({ args }) => args))('%s', (_, { args, output }) => {
    const { shape, values } = keras.utils.toCategorical(...args)
    expect([shape, [...values]]).toEqual([output.shape, output.values])
  })
})
