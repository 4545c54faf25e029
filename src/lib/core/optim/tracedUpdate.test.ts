import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { idleTrace } from '../../../../tests/support/idleTrace'
import { currentOrigin } from '../eager/origin'
import { tf } from '../eager/tfjs'
import { setActiveTrace } from '../eager/tracing'
import { Adagrad } from './adagrad'
import { Adam } from './adam'
import type { Formulation, Optimizer } from './optimizer'
import { Rmsprop } from './rmsprop'
import { Sgd } from './sgd'
import { setUpdateObserver } from './updateObserver'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

afterEach(() => {
  setActiveTrace(null)
  setUpdateObserver(null)
})

/** Records what an update asks of a trace; what it computes meanwhile does not count. */
function recordingTrace() {
  const inputs: { name: string; phase: string; compute: () => Float32Array }[] = []
  const effects: (() => void)[] = []
  const observed: string[] = []
  let updates = 0
  let madeOutside = 0
  setActiveTrace({
    ...idleTrace,
    hostValue(name, _shape, compute) {
      inputs.push({ name, phase: currentOrigin().phase, compute })
      return tf.scalar(0)
    },
    eachStep: (effect) => void effects.push(effect),
    outside(run) {
      madeOutside++
      return run()
    },
    countUpdate: () => updates++,
    observe: (name, tensors) => void observed.push(`${name} ${tensors.length}`),
  })
  return { inputs, effects, observed, slotsMade: () => madeOutside, updates: () => updates }
}

const formulations: Formulation[] = ['keras', 'torch']
const cases = formulations.flatMap((formulation) => {
  const common = { learningRate: 0.1, weightDecay: 0.2, formulation }
  const isKeras = formulation === 'keras'
  const makers: [string, (variables: tf.Variable[]) => Optimizer, Record<string, number>, number][] = [
    [
      `${formulation} Sgd`,
      (variables) => new Sgd(variables, { ...common, momentum: 0.9 }),
      { learningRate: 0.05, ...(isKeras ? { decay: 0.99 } : {}) },
      2,
    ],
    [
      `${formulation} Adam`,
      (variables) => new Adam(variables, { ...common, beta1: 0.5, beta2: 0.75, epsilon: 1e-7 }),
      // The second update: √(1−0.75²) = 0.6614, 1−0.5² = 0.75.
      isKeras
        ? { decay: 0.99, learningRate: (0.05 * 0.66143783) / 0.75 }
        : { learningRate: 0.05 / 0.75, biasCorrection: 0.66143783 },
      4,
    ],
    [
      `${formulation} Rmsprop`,
      (variables) => new Rmsprop(variables, { ...common, rho: 0.9, epsilon: 1e-7 }),
      { learningRate: 0.05, ...(isKeras ? { decay: 0.99 } : {}) },
      2,
    ],
    [
      `${formulation} Adagrad`,
      (variables) => new Adagrad(variables, { ...common, initialAccumulator: 0.1, epsilon: 1e-7 }),
      { learningRate: 0.05, ...(isKeras ? { decay: 0.99 } : {}) },
      2,
    ],
  ]
  return makers
})

it.each(cases)('%s: what changes between updates is one input each', (_, make, expected, slots) => {
  const variables = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))]
  const optimizer = make(variables)
  const trace = recordingTrace()
  const announced: unknown[] = []
  setUpdateObserver((gradients) => announced.push(gradients))
  optimizer.applyGradients([tf.scalar(1), tf.scalar(1)])

  expect(announced).toEqual([])
  expect(trace.updates()).toBe(1)
  expect(trace.observed).toEqual(['gradientNorm 2'])
  expect(trace.slotsMade()).toBe(slots)
  expect(optimizer.iterations).toBe(0)
  // Replay: the rate was changed, and this is the second update.
  optimizer.learningRate = 0.05
  for (let step = 0; step < 2; step++) for (const effect of trace.effects) effect()
  expect(optimizer.iterations).toBe(2)
  expect(trace.inputs.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort())
  for (const { name, phase, compute } of trace.inputs) {
    expect(phase).toBe('update')
    expect(compute()[0]).toBeCloseTo(expected[name] ?? NaN, 6)
  }
})
