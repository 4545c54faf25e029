import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import type { Value } from '../graph/types'
import { verify } from '../graph/verify'
import { adoptPacking } from './adoptPacking'
import { printNodes } from '../../../../tests/support/smallGraphs'
import { mlpStep, Step, updateRules, updateStep } from '../../../../tests/support/trainingSteps'
import { valuesAfter } from '../../../../tests/support/valuesAfter'
import { packStates } from './packStates'
import { packingOf } from './packedLayout'

beforeAll(() => initialiseBackend('cpu'))

const momentum = updateRules.momentum
const adam = updateRules['adam of Keras']
const namesOf = (graph: Parameters<typeof packingOf>[0]) =>
  packingOf(graph).map((group) => group.map(({ name }) => name))

describe('packStates', () => {
  it('updates all variables by one chain', () => {
    const packed = packStates.run(updateStep(adam))
    verify(packed)
    expect(printNodes(packed)).toMatchInlineSnapshot(`
      "d_kernel_flat: float32[6] = Reshape(d_kernel, [6])
      packed_d_kernel: float32[10] = Concat(d_kernel_flat, d_bias, d_scale, axis=0)
      packed_mul_1: float32[10] = Mul(packed_kernel/m, 0.9)
      packed_mul_2: float32[10] = Mul(packed_d_kernel, 0.1)
      packed_add_1: float32[10] = Add(packed_mul_1, packed_mul_2)
      packed_mul_6: float32[10] = Mul(packed_add_1, learningRate)
      packed_mul_5: float32[10] = Mul(packed_kernel/v, 0.999)
      packed_mul_3: float32[10] = Mul(packed_d_kernel, packed_d_kernel)
      packed_mul_4: float32[10] = Mul(packed_mul_3, 0.001)
      packed_add_2: float32[10] = Add(packed_mul_5, packed_mul_4)
      packed_sqrt_1: float32[10] = Sqrt(packed_add_2)
      packed_add_3: float32[10] = Add(packed_sqrt_1, 1e-7)
      packed_div_1: float32[10] = Div(packed_mul_6, packed_add_3)
      packed_sub_1: float32[10] = Sub(packed_kernel, packed_div_1)
      state packed_kernel (kernel, bias, scale) becomes packed_sub_1
      state packed_kernel/m (kernel/m, bias/m, scale/m) becomes packed_add_1
      state packed_kernel/v (kernel/v, bias/v, scale/v) becomes packed_add_2
      return"
    `)
  })

  it.each(Object.entries(updateRules))('changes no bit of %s', (name, rule) => {
    const graph = mlpStep(rule)
    const packed = packStates.run(graph)
    verify(packed)
    expect(valuesAfter(packed)).toEqual(valuesAfter(graph))
    const isPacked = packed.states.length === 1 + rule.slots.length
    expect(isPacked).toBe(name !== 'sgd')
  })

  it('keeps variables apart that are updated by different formulas', () => {
    const step = new Step(momentum)
    const shapes = { w1: [3], w2: [3], w3: [3], b1: [3], b2: [3], b3: [3] }
    for (const [name, shape] of Object.entries(shapes)) {
      const [variable, gradient] = [step.variable(name, shape), step.argument(`d_${name}`, shape)]
      step.builder.origin = { phase: 'update', layer: '', line: 0 }
      const decayed = step.add(gradient, step.mul(variable.input, step.number(0.1)))
      step.apply(variable, name.startsWith('w') ? decayed : gradient)
    }
    const graph = step.builder.build()
    const packed = packStates.run(graph)
    expect(namesOf(packed)).toEqual([
      ['w1', 'w2', 'w3'],
      ['w1/v', 'w2/v', 'w3/v'],
      ['b1', 'b2', 'b3'],
      ['b1/v', 'b2/v', 'b3/v'],
    ])
    expect(valuesAfter(packed)).toEqual(valuesAfter(graph))
  })

  it('gives updated values to whoever reads them', () => {
    const step = new Step(adam)
    const next: Value[] = ['a', 'b', 'c'].flatMap((name) =>
      step.apply(step.variable(name, [2, 2]), step.argument(`d_${name}`, [2, 2])).slice(0, 1),
    )
    for (const value of next) step.builder.result(step.builder.add('Tanh', [value]))
    const graph = step.builder.build()
    const packed = packStates.run(graph)
    verify(packed)
    expect(packed.states).toHaveLength(3)
    expect(valuesAfter(packed)).toEqual(valuesAfter(graph))
  })

  it('leaves updates that wait for each other', () => {
    const step = new Step(momentum)
    let gradient: Value = step.argument('x', [4])
    for (const name of ['a', 'b', 'c', 'd']) {
      const [next = gradient] = step.apply(step.variable(name, [4]), gradient)
      step.phase('backward')
      gradient = step.builder.add('Tanh', [next])
    }
    const graph = step.builder.build()
    expect(packStates.run(graph)).toBe(graph)
  })

  it('leaves variables with a learning rate of their own', () => {
    const step = new Step(momentum)
    for (const name of ['a', 'b', 'c', 'd']) {
      const scaled = (gradient: Value) => step.mul(gradient, step.host(`rate_${name}`))
      const variable = step.variable(name, [4])
      const gradient = step.argument(`d_${name}`, [4])
      step.builder.origin = { phase: 'update', layer: '', line: 0 }
      step.apply(variable, scaled(gradient))
    }
    const graph = step.builder.build()
    expect(packStates.run(graph)).toBe(graph)
  })

  it('finds nothing more to pack', () => {
    const packed = packStates.run(mlpStep(momentum))
    expect(packStates.run(packed)).toBe(packed)
  })
})

describe('adoptPacking', () => {
  const forwardOnly = () => {
    const step = new Step(momentum)
    const [x, w, b] = [step.argument('x', [4, 2]), step.variable('w1', [2, 8]), step.variable('b1', [8])]
    for (const { name, input } of [w, b]) step.builder.state(input, null, [{ name, shape: input.shape }])
    step.builder.result(step.add(step.matMul(x, w.input), b.input))
    const graph = step.builder.build()
    return { ...graph, inputs: graph.inputs.filter(({ name }) => !name.endsWith('/v')) }
  }

  it('reads weights from the vector of a training step', () => {
    const groups = packingOf(packStates.run(mlpStep(momentum)))
    const graph = forwardOnly()
    const adopted = adoptPacking(graph, groups)
    verify(adopted)
    expect(printNodes(adopted)).toMatchInlineSnapshot(`
      "w1_flat: float32[16], b1: float32[8], w2_flat: float32[64], b2: float32[8], w3_flat: float32[8], b3: float32[1] = Split(packed_w1, [16, 8, 64, 8, 8, 1], axis=0)
      w1: float32[2, 8] = Reshape(w1_flat, [2, 8])
      w2: float32[8, 8] = Reshape(w2_flat, [8, 8])
      w3: float32[8, 1] = Reshape(w3_flat, [8, 1])
      matMul_1: float32[4, 8] = MatMul(x, w1)
      add_1: float32[4, 8] = Add(matMul_1, b1)
      state packed_w1 (w1, b1, w2, b2, w3, b3)
      return add_1"
    `)
    expect(valuesAfter(adopted)).toEqual(valuesAfter(graph))
    expect(adoptPacking(adopted, groups)).toBe(adopted)
  })

  it('writes variables of a group back beside those it leaves alone', () => {
    const graph = updateStep(updateRules.sgd)
    const groups = [
      ['scale', 'other', 'kernel'].map((name) => ({ name, shape: name === 'kernel' ? [2, 3] : [1] })),
    ]
    const adopted = adoptPacking(graph, groups)
    verify(adopted)
    expect(valuesAfter(adopted)).toMatchObject(valuesAfter(graph))
  })

  it('refuses a graph that packs the variables otherwise', () => {
    const packed = packStates.run(mlpStep(momentum))
    const groups = packingOf(packed).map((group) => group.toReversed())
    expect(() => adoptPacking(packed, groups)).toThrow(
      'internal: adoptPacking: expected b3, w3, b2, w2, b1, w1 in one state, got w1, b1, w2, b2, w3, b3. Pack one graph only.',
    )
  })
})
