/** What a program does to a model between compiled steps: the graphs that hold no longer are left. */
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { NdArray } from '../data/types'
import { initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { Session, setCurrentSession } from '../session/session'
import { Input, layers, Sequential } from './index'

let session: Session

beforeAll(() => initialiseBackend('cpu'))
beforeEach(() => {
  session = new Session({ backend: 'wasm' })
  setCurrentSession(session)
})
afterEach(() => {
  setCurrentSession(null)
  session.dispose()
  tf.disposeVariables()
})

const x: NdArray = { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2], dtype: 'float32' }
const y: NdArray = { values: Float32Array.of(0, 1), shape: [2, 1], dtype: 'float32' }
const settings = { optimizer: 'sgd', loss: 'meanSquaredError', runEagerly: false }

it('a layer that is added later is part of the next step', async () => {
  const model = new Sequential([Input({ shape: [2] }), new layers.Dense(1)])
  model.compile(settings)
  const before = await model.predict(x)
  model.add(new layers.Activation('sigmoid'))
  const after = await model.predict(x)
  for (const [row, value] of after.values.entries())
    expect(value).toBeCloseTo(1 / (1 + Math.exp(-(before.values[row] ?? NaN))), 5)
})

it('a model that is compiled again leaves its earlier graphs, when their steps have run', async () => {
  const model = new Sequential([Input({ shape: [2] }), new layers.Dense(1)])
  for (let time = 0; time < 3; time++) {
    model.compile({ ...settings, stepsPerExecution: 4 })
    await model.fit(x, y, { batchSize: 2 })
  }
  expect(session.signatures().map(({ function: name }) => name)).toEqual(['trainStep'])
  // A step of the earlier settings still waits.
  const earlier = session.compile('earlier', { stepsPerExecution: 4 })
  const step = earlier.call([x], ([input]) => [tf.sum(input as tf.Tensor)])
  session.retire(earlier)
  expect((await step.force())[0]?.values[0]).toBe(10)
  expect(earlier.graphs).toEqual([])
})
