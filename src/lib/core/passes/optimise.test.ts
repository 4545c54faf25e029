import { beforeAll, describe, expect, it } from 'vitest'
import { initialiseBackend } from '../eager/backends'
import type { Graph } from '../graph/types'
import { convStep, mlpStep, updateRules, type UpdateRule } from '../../../../tests/support/trainingSteps'
import { valuesAfter } from '../../../../tests/support/valuesAfter'
import { optimise, passes } from './optimise'
import { packingOf } from './packedLayout'
import { passNames } from './pass'

beforeAll(() => initialiseBackend('cpu'))

const rules = Object.entries(updateRules)

/** Every number to the last bit but for the order of sums: relative to 1, or to itself where it is larger. */
function expectSameValues(actual: Graph, expected: Graph): void {
  const [after, wanted] = [valuesAfter(actual), valuesAfter(expected)]
  expect(Object.keys(after).sort()).toEqual(Object.keys(wanted).sort())
  for (const [name, values] of Object.entries(wanted)) {
    const errors = values.map((value, index) => {
      return Math.abs(value - (after[name]?.[index] ?? NaN)) / Math.max(1, Math.abs(value))
    })
    expect(Math.max(0, ...errors), name).toBeLessThan(1e-6)
  }
}

describe('optimise', () => {
  it.each(rules)('computes what the traced dense step computes: %s', (_, rule) => {
    const graph = mlpStep(rule)
    expectSameValues(optimise(graph).graph, graph)
  })

  it.each(rules)('computes what the traced convolutional step computes: %s', (_, rule) => {
    const graph = convStep(rule)
    expectSameValues(optimise(graph).graph, graph)
  })

  it.each(passNames)('computes the same without %s', (name) => {
    const graph = mlpStep(updateRules['adam of Keras'])
    const { graph: made, stages } = optimise(graph, { disabled: new Set([name]) })
    expectSameValues(made, graph)
    expect(stages.map(({ pass }) => pass)).not.toContain(name)
  })

  it('leaves this many nodes', () => {
    const count =
      (make: (rule: UpdateRule) => Graph) =>
      ([name, rule]: readonly [string, UpdateRule]) => {
        const graph = make(rule)
        return `${name}: ${graph.nodes.length} -> ${optimise(graph).graph.nodes.length}`
      }
    expect(rules.map(count((rule) => mlpStep(rule)))).toMatchInlineSnapshot(`
      [
        "sgd: 53 -> 38",
        "sgd with weight decay: 65 -> 41",
        "momentum: 65 -> 38",
        "nesterov: 77 -> 40",
        "adam of Keras: 113 -> 46",
        "adam of PyTorch: 119 -> 47",
        "adamW: 119 -> 47",
        "rmsprop: 95 -> 43",
        "adagrad: 83 -> 41",
      ]
    `)
    expect(rules.map(count(convStep))).toMatchInlineSnapshot(`
      [
        "sgd: 34 -> 33",
        "sgd with weight decay: 40 -> 35",
        "momentum: 40 -> 35",
        "nesterov: 46 -> 37",
        "adam of Keras: 64 -> 43",
        "adam of PyTorch: 67 -> 44",
        "adamW: 67 -> 44",
        "rmsprop: 55 -> 40",
        "adagrad: 49 -> 38",
      ]
    `)
  })

  it('reports each pass once in order, and again where it found more', () => {
    const { graph, stages } = optimise(mlpStep(updateRules['adam of Keras']))
    expect(stages.map(({ pass, nodesBefore, nodesAfter }) => `${pass} ${nodesBefore} -> ${nodesAfter}`))
      .toMatchInlineSnapshot(`
      [
        "removeDeadCode 113 -> 113",
        "foldConstants 113 -> 112",
        "simplifyAlgebra 112 -> 109",
        "eliminateCommonSubexpressions 109 -> 109",
        "cancelLayoutChanges 109 -> 106",
        "fuseGemm 106 -> 98",
        "fuseConvBias 98 -> 98",
        "packStates 98 -> 46",
      ]
    `)
    expect(stages.at(-1)?.graph).toBe(graph)
  })

  it('gives a graph back as it is where there is nothing left to do', () => {
    const { graph } = optimise(mlpStep(updateRules['adam of Keras']))
    expect(optimise(graph).graph).toBe(graph)
    for (const pass of passes) expect(pass.run(graph), pass.name).toBe(graph)
  })

  it('names every pass', () => {
    expect(passes.map(({ name }) => name)).toEqual(passNames)
  })

  it('reads and writes variables in the vectors of another graph', () => {
    const rule = updateRules.momentum
    const graph = mlpStep(rule, [2, 8, 8, 1], 5)
    const packed = packingOf(optimise(mlpStep(rule)).graph)
    const again = optimise(graph, { packed }).graph
    expect(packingOf(again)).toEqual(packed)
    expect(again.nodes).toHaveLength(optimise(graph).graph.nodes.length)
    expectSameValues(again, graph)
  })

  it('packs what the vectors of another graph leave free', () => {
    const graph = mlpStep(updateRules.momentum)
    expect(packingOf(optimise(graph, { packed: [] }).graph)).toEqual(packingOf(optimise(graph).graph))
  })

  it('updates one by one where the vectors do not fit its own', () => {
    const graph = mlpStep(updateRules.momentum)
    const [weights = []] = packingOf(optimise(graph).graph)
    const packed = [weights.toReversed()]
    const made = optimise(graph, { packed }).graph
    expect(packingOf(made)).toEqual(packed)
    expectSameValues(made, graph)
  })
})
