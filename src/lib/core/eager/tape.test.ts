import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { AutogradError } from '../util/errors'
import { MemoryScope, withMemoryScope } from './memoryScope'
import { Tape, withTape } from './tape'
import { tf } from './tfjs'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** Live tensors that `run` left behind. */
function leaked(run: () => void): number {
  const before = tf.memory().numTensors
  run()
  return tf.memory().numTensors - before
}

describe('withTape', () => {
  it('gives value and gradients', () => {
    const w = tf.variable(tf.tensor1d([2, 3]))
    const unused = tf.variable(tf.scalar(1))
    const { value, gradients } = withTape(() => tf.sum(tf.mul(w, tf.square(w))), [w, unused])
    expect(value.dataSync()).toEqual(Float32Array.of(35))
    // d(w³) = 3w²
    expect(gradients[0]?.dataSync()).toEqual(Float32Array.of(12, 27))
    expect(gradients[1]).toBeNull()
  })

  it('accumulates over several uses of a variable', () => {
    const w = tf.variable(tf.scalar(3))
    const { gradients } = withTape(() => tf.add(tf.mul(w, w), w), [w])
    expect(gradients[0]?.dataSync()[0]).toBe(7)
  })

  it('gives each source a tensor of its own', () => {
    const a = tf.variable(tf.scalar(1))
    const b = tf.variable(tf.scalar(2))
    const { gradients } = withTape(() => tf.add(a, b), [a, b, a])
    expect(gradients[0]).not.toBe(gradients[1])
    gradients[0]?.dispose()
    expect(gradients[1]?.dataSync()[0]).toBe(1)
  })

  it('leaves nothing behind in a scope, nor after an error', () => {
    const w = tf.variable(tf.tensor2d([[1, 2]]))
    const step = () => tf.tidy(() => void withTape(() => tf.mean(tf.tanh(tf.matMul(w, w, false, true))), [w]))
    const failing = () => {
      tf.tidy(() => {
        withTape(() => {
          tf.tanh(w)
          throw new Error('stop')
        }, [w])
      })
    }
    expect(leaked(step)).toBe(0)
    expect(leaked(() => expect(failing).toThrow('stop'))).toBe(0)
    expect(tf.engine().state.gradientDepth).toBe(0)
  })

  it('refuses a value that is not a scalar', () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    expect(() => withTape(() => tf.square(w), [w])).toThrow(
      'withTape: expected a scalar, got shape [2]. Take its mean or sum first.',
    )
  })

  it('refuses an operation without a gradient', () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    expect(() => withTape(() => tf.sum(tf.cast(tf.greater(w, 1), 'float32')), [w])).toThrow(
      new AutogradError(
        'backward: expected a differentiable operation, got Greater, which has no gradient. ' +
          'Compute the loss from the values themselves, without comparing, rounding or counting them.',
      ),
    )
  })

  it('goes by what has no gradient where another way leads to the weights', () => {
    const w = tf.variable(tf.tensor1d([-1, 2]))
    const positive = () => tf.mul(w, tf.cast(tf.greater(w, 0), 'float32'))
    expect(Array.from(withTape(() => tf.sum(positive()), [w]).gradients[0]?.dataSync() ?? [])).toEqual([0, 1])
    const chosen = () => tf.where(tf.greater(w, 0), w, tf.mul(w, 3))
    expect(Array.from(withTape(() => tf.sum(chosen()), [w]).gradients[0]?.dataSync() ?? [])).toEqual([3, 1])
  })
})

describe('Tape', () => {
  it('frees what it walked, and says so on a second walk', () => {
    const w = tf.variable(tf.scalar(3))
    const tape = new Tape()
    const square = tape.record(() => tf.square(w))
    const loss = tape.record(() => tf.mul(square, square))
    expect(tape.gradients(loss, [w], { retainGraph: true })[0]?.dataSync()[0]).toBe(108)
    expect(tape.gradients(loss, [w])[0]?.dataSync()[0]).toBe(108)
    expect(tape.length).toBe(0)
    expect(() => tape.gradients(loss, [w])).toThrow(AutogradError)
    expect(() => tape.gradients(square, [w])).toThrow('Pass { retainGraph: true } to the earlier call')
    tape.free()
  })

  it('records only inside record', () => {
    const w = tf.variable(tf.scalar(3))
    const tape = new Tape()
    tf.square(w)
    expect(tape.length).toBe(0)
    const square = tape.record(() => tf.square(w))
    expect(tape.length).toBe(1)
    expect(tape.leaves(square)).toEqual([w])
    tape.free()
  })
})

describe('MemoryScope', () => {
  it('frees tensors and the tape made inside, and nothing older', () => {
    const w = tf.variable(tf.scalar(3))
    const tape = new Tape()
    const older = tape.record(() => tf.square(w))
    const inside = leaked(() => {
      const scope = new MemoryScope('batch')
      tape.record(() => tf.square(tf.exp(w)))
      scope.close()
    })
    expect(inside).toBe(0)
    expect(tape.length).toBe(1)
    expect(tape.gradients(older, [w])[0]?.dataSync()[0]).toBe(6)
    tape.free()
  })

  it('closes scopes left open inside it, and may be closed twice', () => {
    const outer = new MemoryScope('outer')
    const kept = tf.scalar(1)
    const inner = new MemoryScope('inner')
    inner.close()
    inner.close()
    expect(kept.isDisposed).toBe(false)
    const open = new MemoryScope('left open')
    const lost = tf.scalar(1)
    outer.close()
    open.close()
    expect([kept.isDisposed, lost.isDisposed]).toEqual([true, true])
  })

  it('closes when its body throws', async () => {
    const before = tf.memory().numTensors
    const body = async () => {
      tf.scalar(1)
      await Promise.resolve()
      throw new Error('stop')
    }
    await expect(withMemoryScope('batch', body)).rejects.toThrow('stop')
    expect(tf.memory().numTensors).toBe(before)
  })
})
