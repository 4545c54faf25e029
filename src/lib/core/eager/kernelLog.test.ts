import { beforeAll, expect, it } from 'vitest'
import { limits } from '../util/laneLimits'
import { initialiseBackend } from './backends'
import { withoutCounting } from './counters'
import { KernelLog } from './kernelLog'
import { inLayer, inPhase } from './origin'
import { withTape } from './tape'
import { tf } from './tfjs'

beforeAll(() => initialiseBackend('cpu'))

const ownRunKernel = () => Object.getOwnPropertyDescriptor(tf.engine(), 'runKernel')?.value as unknown

function scoped<T>(run: () => T): T {
  tf.engine().startScope()
  try {
    return run()
  } finally {
    tf.engine().endScope()
  }
}

/** loss = mean(tanh(x·w)), its gradient, and w − 0.1·gradient. */
function loggedStep() {
  const w = tf.variable(tf.ones([2, 3]), true, 'w')
  const x = tf.ones<tf.Rank.R2>([4, 2])
  const before = ownRunKernel()
  const log = new KernelLog()
  const { gradients } = withTape(() => {
    const y = inLayer('dense_1', 7, () => tf.tanh(tf.matMul(x, w as tf.Tensor2D)))
    return inPhase('loss', () => tf.mean(y))
  }, [w])
  withoutCounting(() => tf.exp(x))
  inPhase('update', () => {
    const [gradient] = gradients
    if (gradient) w.assign(tf.sub(w, tf.mul(gradient, 0.1)))
    tf.abs(w)
  })
  const result = log.close()
  const isRestored = ownRunKernel() === before
  w.dispose()
  return { result, isRestored }
}

it('logs kernels in order with where they come from, and no instruments', () => {
  const { result, isRestored } = scoped(loggedStep)
  const forward = result.kernels.filter(({ origin }) => origin.phase === 'forward')
  expect(forward.map(({ kernel }) => kernel)).toEqual(['BatchMatMul', 'Tanh'])
  expect(forward[0]).toMatchObject({ origin: { layer: 'dense_1', line: 7 }, outputs: [{ shape: [4, 3] }] })
  expect(result.kernels.map(({ kernel }) => kernel)).not.toContain('Exp')
  expect(
    result.kernels.filter(({ origin }) => origin.phase === 'update').map(({ kernel }) => kernel),
  ).toEqual(['Multiply', 'Sub', 'Abs'])
  const [sub, abs] = result.kernels.slice(-2)
  expect(sub?.inputs[0]).toBe(result.sources.find(({ name }) => name === 'w')?.id)
  // After its assignment the variable is what the kernel made.
  expect(abs?.inputs).toEqual(sub?.outputs.map(({ id }) => id))
  expect(result.sources).toContainEqual(
    expect.objectContaining({ kind: 'variable', name: 'w', shape: [2, 3] }),
  )
  expect(isRestored).toBe(true)
})

it('says what the tape keeps, when backward takes it and when it is freed', () => {
  const { result } = scoped(loggedStep)
  const { kernels, events } = result
  const tanh = kernels.findIndex(({ kernel }) => kernel === 'Tanh')
  expect(kernels[tanh]?.saved).toEqual({ tensors: 1, bytes: 48 })
  expect(kernels.filter(({ origin }) => origin.phase === 'update').every(({ saved }) => saved === null)).toBe(
    true,
  )
  const places = (['run', 'consume'] as const).map((kind) =>
    events.findIndex((event) => event.kind === kind && event.kernel === tanh),
  )
  const freed = events.findIndex((event) => event.kind === 'free' && event.kernels.includes(tanh))
  expect([...places, freed]).toEqual([...places, freed].toSorted((a, b) => a - b))
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0)
  const backward = kernels.filter(({ gradientOf }) => gradientOf === tanh)
  // Its gradient is computed from its own output, of which the tape keeps a copy.
  expect(backward.flatMap(({ inputs }) => inputs)).toContain(kernels[tanh]?.outputs[0]?.id)
  expect(backward.length).toBeGreaterThan(0)
  expect(backward[0]?.origin).toEqual({ phase: 'backward', layer: 'dense_1', line: 7 })
})

it('notes a loss with a gradient of its own at the kernel that gives its value, without the copies', () => {
  const result = scoped(() => {
    const x = tf.variable(tf.ones([4]), true, 'x')
    const square = tf.customGrad((given, save) => {
      ;(save as (tensors: tf.Tensor[]) => void)([given as tf.Tensor])
      return {
        value: tf.mean(tf.square(given as tf.Tensor)),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0] ?? dy),
      }
    })
    const log = new KernelLog()
    withTape(() => square(x), [x])
    x.dispose()
    return log.close()
  })
  expect(result.kernels.map(({ kernel }) => kernel)).not.toContain('Identity')
  const recorded = result.kernels.filter(({ saved }) => saved !== null)
  expect(recorded.map(({ saved }) => saved?.tensors)).toEqual([1])
  expect(result.events.filter(({ kind }) => kind === 'consume')).toHaveLength(1)
})

it('takes so many kernels of a step, and no more', () => {
  const log = new KernelLog()
  const x = tf.scalar(1)
  for (let kernel = 0; kernel < limits.graphNodes + 10; kernel++) tf.neg(x).dispose()
  expect(log.isFull).toBe(true)
  expect(log.close().kernels).toHaveLength(limits.graphNodes)
})

it('leaves out what is too much of one kernel, and says how much', () => {
  const many = limits.operands + 1
  const log = new KernelLog()
  const x = tf.scalar(1)
  const [first] = tf.unstack(tf.stack(Array.from({ length: many }, () => x)))
  if (first) tf.neg(first)
  const step = log.close()
  const [stack, unstack, neg] = step.kernels
  expect(stack).toMatchObject({ kernel: 'Pack', attributes: { leftOut: '1 of 10001 inputs' } })
  expect(stack?.inputs).toHaveLength(limits.operands)
  expect(unstack).toMatchObject({ kernel: 'Unpack', attributes: { leftOut: '1 of 10001 outputs' } })
  expect(neg?.inputs).toEqual([unstack?.outputs[0]?.id])
})

it('takes so many tensors that come from outside of a step', () => {
  const log = new KernelLog()
  const sources = () => Array.from({ length: 9000 }, () => tf.scalar(1))
  scoped(() => {
    for (let kernel = 0; kernel < 4; kernel++) tf.stack(sources())
  })
  expect(log.isFull).toBe(true)
  expect(log.close().kernels).toHaveLength(3)
})
