import { describe, expect, it } from 'vitest'
import { flags, floats, runOnnx } from '../../../../tests/support/runOnnx'
import { denseStep, gradientOfProduct } from '../../../../tests/support/stepGraphs'
import { GraphBuilder } from '../graph/builder'
import { encodeLoop, encodeModel, loopInputs, outputNames } from './index'

const states = { w: floats([3, 4], [2]), scale: floats([10], []), previous: floats([7, 7], [2]) }

/** Values that look random but are the same everywhere. */
function waves(shape: readonly number[], phase: number) {
  const size = shape.reduce((product, one) => product * one, 1)
  return Array.from({ length: size }, (_, index) => Math.sin(1.7 * index + phase))
}

describe('encodeLoop', () => {
  it('carries states from step to step and stacks results', async () => {
    const outputs = await runOnnx(encodeLoop(gradientOfProduct()), {
      x: floats([1, 2, 1, 1, 2, 0], [3, 2]),
      rate: floats([0.5, 1, 2], [3]),
      ...states,
    })
    // w: [3, 4] → [2.5, 3] → [1.5, 2] → [−2.5, 2]; loss = w · x · 10
    const loss = { shape: [3, 2], values: [30, 80, 25, 30, 30, 0] }
    expect(outputs).toEqual({
      mul_2: loss,
      'mul_2/result': loss,
      sub_1: { shape: [3, 2], values: [2.5, 3, 1.5, 2, -2.5, 2] },
      'constant_1/result': { shape: [3], values: [0.5, 0.5, 0.5] },
      'x/result': { shape: [3, 2], values: [1, 2, 1, 1, 2, 0] },
      'w/next': { shape: [2], values: [-2.5, 2] },
      'previous/next': { shape: [2], values: [1.5, 2] },
    })
  })

  it('runs one step', async () => {
    const outputs = await runOnnx(encodeLoop(gradientOfProduct()), {
      x: floats([1, 2], [1, 2]),
      rate: floats([0.5], [1]),
      ...states,
    })
    expect(outputs['mul_2']).toEqual({ shape: [1, 2], values: [30, 80] })
    expect(outputs['w/next']).toEqual({ shape: [2], values: [2.5, 3] })
    expect(outputs['previous/next']).toEqual({ shape: [2], values: [3, 4] })
  })

  it('gives what separate runs of the same training step give, bit for bit', async () => {
    const [batch, units, steps] = [4, 3, 5]
    const graph = denseStep(batch, units)
    const single = encodeModel(graph)
    const shapes = { w1: [2, units], b1: [units], w2: [units, 1], b2: [1] }
    const initial = Object.entries(shapes).map(
      ([name, shape], phase) => [name, floats(waves(shape, phase), shape)] as const,
    )
    const [x, y] = [waves([steps, batch, 2], 5), waves([steps, batch, 1], 6)]
    const looped = await runOnnx(encodeLoop(graph), {
      x: floats(x, [steps, batch, 2]),
      y: floats(y, [steps, batch, 1]),
      rate: floats([0.1, 0.1, 0.2, 0.2, 0.3], [steps]),
      ...Object.fromEntries(initial),
    })

    let current = Object.fromEntries(initial)
    const losses: number[] = []
    const names = outputNames(graph)
    for (const [step, rate] of [0.1, 0.1, 0.2, 0.2, 0.3].entries()) {
      const outputs = await runOnnx(single, {
        x: floats(x.slice(step * batch * 2, (step + 1) * batch * 2), [batch, 2]),
        y: floats(y.slice(step * batch, (step + 1) * batch), [batch, 1]),
        rate: floats([rate], []),
        ...current,
      })
      losses.push(...(outputs['reduceMean_1']?.values ?? []))
      current = Object.fromEntries(
        initial.map(([name], index) => {
          const next = outputs[names.states[index] ?? '']
          return [name, floats(next?.values ?? [], next?.shape ?? [])]
        }),
      )
    }
    expect(looped['reduceMean_1']?.values).toEqual(losses)
    for (const [index, [name]] of initial.entries())
      expect(looped[names.states[index] ?? '']?.values).toEqual(
        Array.from(current[name]?.data as Float32Array),
      )
  })

  it('counts steps by an input of its own where nothing is stacked', async () => {
    const builder = new GraphBuilder('halve')
    const w = builder.input('state', { dtype: 'float32', shape: [] }, 'steps')
    const half = builder.add('Mul', [w, builder.scalar(0.5)])
    builder.state(w, half, [{ name: 'w', shape: [] }])
    const graph = builder.build()
    expect(loopInputs(graph)).toEqual({ stacked: [], counter: 'steps_1' })
    const outputs = await runOnnx(encodeLoop(graph), {
      steps: floats([8], []),
      steps_1: flags([false, false, false]),
    })
    expect(outputs).toEqual({ mul_1: { shape: [], values: [1] } })
  })
})
