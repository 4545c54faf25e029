import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../eager/tfjs'
import { Adagrad } from './adagrad'
import { Adam } from './adam'
import type { Formulation, Optimizer } from './optimizer'
import { Rmsprop } from './rmsprop'
import { Sgd } from './sgd'
import { setUpdateObserver } from './updateObserver'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

afterEach(() => setUpdateObserver(null))

const start = [0.5, -1.25]
const gradientAt = (step: number) => [Math.sin(step), 0.3 * Math.cos(2 * step)]

/** Ten steps with the optimizer under test. */
function trained(make: (variables: tf.Variable[]) => Optimizer): number[] {
  const variable = tf.variable(tf.tensor1d(start))
  const optimizer = make([variable])
  for (let step = 1; step <= 10; step++) optimizer.applyGradients([tf.tensor1d(gradientAt(step))])
  expect(optimizer.iterations).toBe(10)
  return [...variable.dataSync()]
}

/** Ten steps of a rule for one number, written out in plain arithmetic. */
function byFormula(makeRule: () => (w: number, g: number, t: number) => number): number[] {
  return start.map((initial, index) => {
    const rule = makeRule()
    let w = initial
    for (let step = 1; step <= 10; step++) w = rule(w, gradientAt(step)[index] ?? NaN, step)
    return w
  })
}

function expectClose(actual: number[], expected: number[]): void {
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, 5))
}

describe('Sgd', () => {
  const lr = 0.1
  const cases = [0, 0.9].flatMap((momentum) =>
    (momentum === 0 ? [false] : [false, true]).flatMap((nesterov) =>
      [0, 0.2].map((weightDecay) => ({ momentum, nesterov, weightDecay })),
    ),
  )

  it.each(cases)('keras: momentum $momentum, nesterov $nesterov, decay $weightDecay', (options) => {
    const { momentum, nesterov, weightDecay } = options
    const expected = byFormula(() => {
      let velocity = 0
      return (w, g) => {
        const decayed = w - w * weightDecay * lr
        velocity = momentum * velocity - lr * g
        return nesterov ? decayed + momentum * velocity - lr * g : decayed + velocity
      }
    })
    const actual = trained((variables) => {
      return new Sgd(variables, { learningRate: lr, ...options, formulation: 'keras' })
    })
    expectClose(actual, expected)
  })

  it.each(cases)('torch: momentum $momentum, nesterov $nesterov, decay $weightDecay', (options) => {
    const { momentum, nesterov, weightDecay } = options
    const expected = byFormula(() => {
      let buffer: number | null = null
      return (w, g) => {
        const penalised = g + weightDecay * w
        buffer = buffer === null ? penalised : momentum * buffer + penalised
        return w - lr * (nesterov ? penalised + momentum * buffer : buffer)
      }
    })
    const actual = trained((variables) => {
      return new Sgd(variables, { learningRate: lr, ...options, formulation: 'torch' })
    })
    expectClose(actual, expected)
  })
})

describe('Adam', () => {
  const cases = [0, 0.2].flatMap((weightDecay) =>
    // A large epsilon shows where in the formula it stands.
    [1e-8, 0.1].flatMap((epsilon) =>
      [0.9, 0.5].map((beta1) => ({ learningRate: 0.05, weightDecay, epsilon, beta1, beta2: 0.99 })),
    ),
  )

  it.each(cases)('keras: decay $weightDecay, epsilon $epsilon, beta1 $beta1', (options) => {
    const { learningRate, weightDecay, epsilon, beta1, beta2 } = options
    const expected = byFormula(() => {
      let m = 0
      let v = 0
      return (w, g, t) => {
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        const rate = (learningRate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)
        return w - w * weightDecay * learningRate - (rate * m) / (Math.sqrt(v) + epsilon)
      }
    })
    expectClose(
      trained((variables) => new Adam(variables, { ...options, formulation: 'keras' })),
      expected,
    )
  })

  it.each(cases)('torch: decay $weightDecay, epsilon $epsilon, beta1 $beta1', (options) => {
    const { learningRate, weightDecay, epsilon, beta1, beta2 } = options
    const expected = byFormula(() => {
      let m = 0
      let v = 0
      return (w, given, t) => {
        const g = given + weightDecay * w
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        const mHat = m / (1 - beta1 ** t)
        const vHat = v / (1 - beta2 ** t)
        return w - (learningRate * mHat) / (Math.sqrt(vHat) + epsilon)
      }
    })
    expectClose(
      trained((variables) => new Adam(variables, { ...options, formulation: 'torch' })),
      expected,
    )
  })
})

it.each<Formulation>(['keras', 'torch'])(
  'Adam of a variable that some updates leave out: %s',
  (formulation) => {
    const [learningRate, epsilon] = [0.05, 0.01]
    const gradients = [null, 0.5, null, null, -1, 2]
    const variables = [tf.variable(tf.scalar(0)), tf.variable(tf.scalar(0.5))]
    const optimizer = new Adam(variables, { learningRate, epsilon, formulation })
    let [w, m, v, updates] = [0.5, 0, 0, 0]
    for (const [index, g] of gradients.entries()) {
      optimizer.applyGradients([tf.scalar(1), g === null ? null : tf.scalar(g)])
      if (g === null) continue
      updates++
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      const t = formulation === 'keras' ? index + 1 : updates
      const [mCorrection, vCorrection] = [1 - 0.9 ** t, Math.sqrt(1 - 0.999 ** t)]
      w -=
        formulation === 'keras'
          ? (learningRate * m * vCorrection) / mCorrection / (Math.sqrt(v) + epsilon)
          : (learningRate * m) / mCorrection / (Math.sqrt(v) / vCorrection + epsilon)
    }
    expect(variables[1]?.dataSync()[0]).toBeCloseTo(w, 5)
  },
)

it.each<Formulation>(['keras', 'torch'])('Adam with decoupled decay is AdamW in %s, too', (formulation) => {
  const [learningRate, weightDecay, epsilon] = [0.05, 0.2, 0.01]
  const expected = byFormula(() => {
    let m = 0
    let v = 0
    return (w, g, t) => {
      m = 0.9 * m + 0.1 * g
      v = 0.99 * v + 0.01 * g * g
      const [mCorrection, vCorrection] = [1 - 0.9 ** t, Math.sqrt(1 - 0.99 ** t)]
      const step =
        formulation === 'keras'
          ? (m * vCorrection) / mCorrection / (Math.sqrt(v) + epsilon)
          : m / mCorrection / (Math.sqrt(v) / vCorrection + epsilon)
      return w - learningRate * weightDecay * w - learningRate * step
    }
  })
  const options = { learningRate, weightDecay, epsilon, beta2: 0.99, decoupled: true, formulation }
  expectClose(
    trained((variables) => new Adam(variables, options)),
    expected,
  )
})

describe('Rmsprop and Adagrad', () => {
  const lr = 0.05
  // A large epsilon shows where in the formula it stands.
  const cases = [0, 0.2].flatMap((weightDecay) =>
    [1e-7, 0.1].flatMap((epsilon) =>
      [0, 0.9].flatMap((momentum) =>
        (['keras', 'torch'] as const).map((formulation) => ({ weightDecay, epsilon, momentum, formulation })),
      ),
    ),
  )

  it.each(cases)(
    'Rmsprop: $formulation, decay $weightDecay, epsilon $epsilon, momentum $momentum',
    (options) => {
      const { weightDecay, epsilon, momentum, formulation } = options
      const expected = byFormula(() => {
        let v = 0
        let b = 0
        return formulation === 'keras'
          ? (w, g) => {
              v = 0.8 * v + 0.2 * g * g
              b = momentum * b + (lr * g) / Math.sqrt(v + epsilon)
              return w - lr * weightDecay * w - b
            }
          : (w, given) => {
              const g = given + weightDecay * w
              v = 0.8 * v + 0.2 * g * g
              b = momentum * b + g / (Math.sqrt(v) + epsilon)
              return w - lr * b
            }
      })
      expectClose(
        trained((variables) => new Rmsprop(variables, { learningRate: lr, rho: 0.8, ...options })),
        expected,
      )
    },
  )

  it.each(cases.filter(({ momentum }) => momentum === 0))(
    'Adagrad: $formulation, decay $weightDecay, epsilon $epsilon',
    (options) => {
      const { weightDecay, epsilon, formulation } = options
      const expected = byFormula(() => {
        let s = 0.3
        return formulation === 'keras'
          ? (w, g) => {
              s += g * g
              return w - lr * weightDecay * w - (lr * g) / Math.sqrt(s + epsilon)
            }
          : (w, given) => {
              const g = given + weightDecay * w
              s += g * g
              return w - (lr * g) / (Math.sqrt(s) + epsilon)
            }
      })
      expectClose(
        trained((list) => new Adagrad(list, { learningRate: lr, initialAccumulator: 0.3, ...options })),
        expected,
      )
    },
  )
})

describe.each<Formulation>(['keras', 'torch'])('every optimizer (%s)', (formulation) => {
  const makers: [string, (variables: tf.Variable[]) => Optimizer, number][] = [
    ['Sgd', (variables) => new Sgd(variables, { learningRate: 1, formulation }), 0],
    ['Sgd with momentum', (list) => new Sgd(list, { learningRate: 1, momentum: 0.9, formulation }), 1],
    ['Adam', (variables) => new Adam(variables, { learningRate: 1, epsilon: 1e-7, formulation }), 2],
    ['Rmsprop', (list) => new Rmsprop(list, { learningRate: 1, rho: 0.9, epsilon: 1e-7, formulation }), 1],
    [
      'Rmsprop with momentum',
      (list) => new Rmsprop(list, { learningRate: 1, rho: 0.9, momentum: 0.9, epsilon: 1e-7, formulation }),
      2,
    ],
    [
      'Adagrad',
      (list) => new Adagrad(list, { learningRate: 1, initialAccumulator: 0.1, epsilon: 1e-7, formulation }),
      1,
    ],
  ]

  it.each(makers)('%s keeps its slots and nothing else', (_, make, slotsPerVariable) => {
    const variables = [tf.variable(tf.scalar(1)), tf.variable(tf.tensor1d([1, 2]))]
    const gradients = [tf.scalar(1), tf.tensor1d([1, 1])]
    const optimizer = make(variables)
    expect(optimizer.slots()).toEqual([])
    const before = tf.memory().numTensors
    for (let step = 0; step < 5; step++) optimizer.applyGradients(gradients)
    expect(tf.memory().numTensors - before).toBe(2 * slotsPerVariable)
    expect(optimizer.slots().map((slot) => slot.shape.length)).toEqual([
      ...Array<number>(slotsPerVariable).fill(0),
      ...Array<number>(slotsPerVariable).fill(1),
    ])
    optimizer.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it.each(makers)('%s follows a changed learning rate', (_, make) => {
    const variable = tf.variable(tf.scalar(1))
    const optimizer = make([variable])
    optimizer.learningRate = 0
    optimizer.applyGradients([tf.scalar(1)])
    expect(variable.dataSync()[0]).toBe(1)
    optimizer.learningRate = 0.5
    optimizer.applyGradients([tf.scalar(1)])
    expect(variable.dataSync()[0]).toBeLessThan(0.9)
  })

  it.each(makers)('%s leaves a variable without a gradient alone, and two live side by side', (_, make) => {
    const variables = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))]
    const optimizers = [make(variables), make(variables)]
    for (const optimizer of optimizers) optimizer.applyGradients([null, tf.scalar(1)])
    expect(variables[0]?.dataSync()[0]).toBe(1)
    expect(variables[1]?.dataSync()[0]).toBeLessThan(1)
  })

  it.each(makers)('%s announces each update before it changes a weight', (_, make) => {
    const variable = tf.variable(tf.scalar(1))
    const seen: (number | undefined)[][] = []
    setUpdateObserver((gradients) => {
      seen.push([variable.dataSync()[0], ...gradients.map((gradient) => gradient.dataSync()[0])])
    })
    make([variable]).applyGradients([tf.scalar(3)])
    expect(seen).toEqual([[1, 3]])
  })
})
