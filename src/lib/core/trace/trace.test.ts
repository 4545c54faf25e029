import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import { memoryInUse } from '../eager/counters'
import { withTape } from '../eager/tape'
import { hostScalar } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import { TracedValueError, UnsupportedOpError } from '../util/errors'
import { trace } from './trace'

const batch = { dtype: 'float32', shape: [4, 2] } as const
const labels = { dtype: 'float32', shape: [4, 1] } as const

beforeAll(() => initialiseBackend('cpu'))

/** One step of gradient descent on a layer of two weights. */
function step(weight: tf.Variable, learningRate: () => number) {
  return ([x, y]: readonly tf.Tensor[]) => {
    const compute = () =>
      tf.mean(
        tf.squaredDifference(
          tf.tanh(tf.matMul(x as tf.Tensor2D, weight as unknown as tf.Tensor2D)),
          y as tf.Tensor,
        ),
      )
    const { value, gradients } = withTape(compute, [weight])
    const rate = hostScalar('learningRate', learningRate)
    weight.assign(tf.sub(weight, tf.mul(gradients[0] as tf.Tensor, rate)))
    return [value]
  }
}

describe('trace', () => {
  it('records a whole training step: weights are state, the learning rate is an input', () => {
    const weight = tf.variable(tf.tensor2d([0.5, -0.25], [2, 1]), true, 'weight')
    const { graph, hostActions, variables } = trace(
      'step',
      [batch, labels],
      step(weight, () => 0.1),
    )
    expect(graph.states).toEqual([
      {
        input: 'weight',
        output: expect.stringMatching(/^sub_/) as string,
        variables: [{ name: 'weight', shape: [2, 1] }],
      },
    ])
    expect(graph.inputs.map(({ name, role }) => [name, role])).toEqual([
      ['x0', 'argument'],
      ['x1', 'argument'],
      ['weight', 'state'],
      ['learningRate', 'host'],
    ])
    expect(graph.nodes.map(({ op, origin }) => `${op} ${origin.phase}`)).toMatchInlineSnapshot(`
      [
        "MatMul forward",
        "Tanh forward",
        "Sub forward",
        "Mul forward",
        "ReduceMean forward",
        "Reshape backward",
        "Mul backward",
        "Div backward",
        "Sub backward",
        "Mul backward",
        "Mul backward",
        "Mul backward",
        "Sub backward",
        "Mul backward",
        "Transpose backward",
        "MatMul backward",
        "Mul forward",
        "Sub forward",
      ]
    `)
    expect(hostActions).toHaveLength(1)
    expect(variables.get('weight')).toBe(weight)
    weight.dispose()
  })

  it('leaves variables and memory as they were', () => {
    const weight = tf.variable(tf.tensor2d([0.5, -0.25], [2, 1]), true, 'weight')
    const before = memoryInUse()
    trace(
      'step',
      [batch, labels],
      step(weight, () => 0.1),
    )
    expect(memoryInUse()).toEqual(before)
    expect(tf.getBackend()).toBe('cpu')
    expect([...weight.dataSync()]).toEqual([0.5, -0.25])
    weight.dispose()
  })

  it('refuses to read a value, naming tensor and how to go on', () => {
    const read = ([x]: readonly tf.Tensor[]) => {
      tf.square(x as tf.Tensor).dataSync()
      return []
    }
    expect(() => trace('step', [batch], read)).toThrow(TracedValueError)
    expect(() => trace('step', [batch], read)).toThrow(
      'trace: expected only operations on tensors, got a read of the value of mul_1 (float32 [4, 2]).',
    )
  })

  it('refuses a read whose error the call never saw', () => {
    const read = ([x]: readonly tf.Tensor[]) => {
      void tf
        .square(x as tf.Tensor)
        .data()
        .catch(() => undefined)
      return []
    }
    expect(() => trace('step', [batch], read)).toThrow(TracedValueError)
    expect(trace('step', [batch], ([x]) => [tf.neg(x as tf.Tensor)]).graph.nodes).toHaveLength(1)
  })

  it('names a kernel that has no rule', () => {
    const call = ([x]: readonly tf.Tensor[]) => [tf.atanh(x as tf.Tensor)]
    expect(() => trace('step', [batch], call)).toThrow(UnsupportedOpError)
    expect(() => trace('step', [batch], call)).toThrow('got the TensorFlow.js kernel Atanh')
  })

  it('bakes tensors from outside into constants', () => {
    const captured = tf.tensor1d([1, 2])
    const { graph } = trace('step', [batch], ([x]) => [tf.add(x as tf.Tensor, captured)])
    expect(graph.constants.map(({ data }) => [...data])).toEqual([[1, 2]])
    expect(captured.isDisposed).toBe(false)
    captured.dispose()
  })

  it('is of use again after the traced call threw', () => {
    expect(() =>
      trace('step', [batch], () => {
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(trace('step', [batch], ([x]) => [tf.neg(x as tf.Tensor)]).graph.nodes).toHaveLength(1)
    expect([...tf.neg(tf.tensor1d([1])).dataSync()]).toEqual([-1])
  })
})
