import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from './backends'
import { memoryInUse } from './counters'
import { endStep, MemoryScope } from './memoryScope'
import { isGone, overwrite, park, parkedValues } from './parking'
import { Tape } from './tape'
import { tf } from './tfjs'

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => initialiseBackend(backend))

  it.each(['float32', 'int32', 'bool'] as const)(
    'a parked %s tensor comes back to kernels and readers',
    (dtype) => {
      const before = memoryInUse()
      const tensor = tf.tensor([1, 0, 1], [3], dtype)
      park(tensor)
      expect(memoryInUse()).toEqual(before)
      expect([...(parkedValues(tensor) ?? [])]).toEqual([1, 0, 1])
      const sum = tf.tidy(() => tf.sum(tf.cast(tensor, 'float32')))
      expect(sum.dataSync()[0]).toBe(2)
      park(tensor)
      expect([...tensor.dataSync()]).toEqual([1, 0, 1])
      tf.dispose([tensor, sum])
      expect(memoryInUse()).toEqual(before)
    },
  )

  it('a parked tensor takes other values', () => {
    const tensor = tf.tensor1d([1, 2])
    const other = tf.tensor1d([3, 4])
    park(tensor)
    overwrite(tensor, other)
    other.dispose()
    expect([...tensor.dataSync()]).toEqual([3, 4])
    const third = tf.tensor1d([5, 6])
    overwrite(tensor, third)
    tf.dispose([third])
    expect([...tensor.dataSync()]).toEqual([5, 6])
    tensor.dispose()
  })

  it('what was disposed and not parked is gone, and says so', () => {
    const tensor = tf.scalar(1)
    tensor.dispose()
    expect(isGone(tensor)).toBe(true)
    expect(() => tf.add(tensor, 1)).toThrow('got one that was freed with the layer or the traced step')
    expect(() => tensor.dataSync()).toThrow('Return it from there.')
  })

  it('what comes back leaves with the scope that is open', () => {
    const tensor = tf.scalar(2)
    park(tensor)
    const before = memoryInUse()
    const scope = new MemoryScope('batch')
    expect(tf.square(tensor).dataSync()[0]).toBe(4)
    scope.close()
    expect(memoryInUse()).toEqual(before)
    expect(tensor.dataSync()[0]).toBe(2)
    tensor.dispose()
  })

  it('a long scope keeps what steps use, and a graph that is walked late', () => {
    const run = new MemoryScope('run', { isLong: true, isPrivate: true })
    const weight = tf.variable(tf.scalar(3))
    const [used, unused] = [tf.scalar(2), tf.scalar(5)]
    const tape = new Tape()
    const square = tape.record(() => tf.square(weight))
    for (let step = 0; step < 6; step++) {
      tf.square(used)
      endStep()
    }
    expect([used.isDisposed, unused.isDisposed]).toEqual([false, true])
    expect(unused.dataSync()[0]).toBe(5)
    expect(tape.gradients(square, [weight])[0]?.dataSync()[0]).toBe(6)
    run.close()
    weight.dispose()
  })
})
