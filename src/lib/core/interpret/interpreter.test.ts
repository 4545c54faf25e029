import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { disposeBackend, initialiseBackend } from '../eager/backends'
import { tf } from '../eager/tfjs'
import { GraphBuilder } from '../graph/builder'
import type { Graph } from '../graph/types'
import { GraphError } from '../util/errors'
import { interpret, Interpreter } from './interpreter'

beforeAll(() => initialiseBackend('cpu'))
afterAll(() => disposeBackend())
afterEach(() => tf.disposeVariables())

/** loss = sum(x · weight), weight ← weight − 0.5 · x; also gives x, a constant, and the loss twice. */
function linearStep(): Graph {
  const builder = new GraphBuilder('step')
  const vector = { dtype: 'float32', shape: [2] } as const
  const x = builder.input('argument', vector, 'x')
  const weight = builder.input('state', vector, 'weight')
  const [half, axes] = [builder.scalar(0.5), builder.int64s([0])]
  const product = builder.add('Mul', [x, weight])
  builder.add('Tanh', [product])
  const loss = builder.add('ReduceSum', [product, axes], { keepdims: 0 })
  const next = builder.add('Sub', [weight, builder.add('Mul', [x, half])])
  builder.state(weight, next, [{ name: 'weight', shape: [2] }])
  for (const result of [loss, x, half, loss]) builder.result(result)
  return builder.build()
}

const feedsOf = () =>
  new Map([
    ['x', tf.tensor1d([1, 2])],
    ['weight', tf.tensor1d([3, 4])],
  ])

const valuesOf = (outputs: ReadonlyMap<string, tf.Tensor>) =>
  Object.fromEntries([...outputs].map(([name, tensor]) => [name, Array.from(tensor.dataSync())]))

const countTensors = () => tf.memory().numTensors

describe('interpret', () => {
  it('gives results and states, also those that are inputs or constants', () => {
    const before = countTensors()
    const feeds = feedsOf()
    const outputs = interpret(linearStep(), feeds)
    expect(valuesOf(outputs)).toEqual({ reduceSum_1: [11], x: [1, 2], constant_1: [0.5], sub_1: [2.5, 3] })
    for (const tensor of feeds.values()) tensor.dispose()
    expect(outputs.get('x')?.isDisposed).toBe(false)
    for (const tensor of outputs.values()) tensor.dispose()
    expect(countTensors()).toBe(before)
  })

  it('hands the outputs to the scope of the caller', () => {
    const before = countTensors()
    const sum = tf.tidy(() => valuesOf(interpret(linearStep(), feedsOf()))['reduceSum_1'])
    expect(sum).toEqual([11])
    expect(countTensors()).toBe(before)
  })

  it('shows each node with its outputs', () => {
    const seen = tf.tidy(() => {
      const nodes: string[] = []
      const onNode = ({ op }: { op: string }, outputs: readonly tf.Tensor[]) =>
        void nodes.push(`${op} ${outputs.map((tensor) => String(tensor.dataSync())).join(' ')}`)
      interpret(linearStep(), feedsOf(), { onNode })
      return nodes
    })
    expect(seen.filter((node) => !node.startsWith('Tanh'))).toEqual([
      'Mul 3,8',
      'ReduceSum 11',
      'Mul 0.5,1',
      'Sub 2.5,3',
    ])
  })

  it('names a feed that is missing or of another type', () => {
    const run = (x: tf.Tensor | null) => () =>
      interpret(linearStep(), x === null ? new Map<string, tf.Tensor>() : new Map([['x', x]]))
    expect(run(null)).toThrow(GraphError)
    expect(run(null)).toThrow('internal: step: feed x: expected float32[2], got none.')
    expect(run(tf.tensor1d([1], 'int32'))).toThrow('expected float32[2], got int32[1].')
  })

  it('names a node whose kernel gives another type than the graph says', () => {
    const graph = linearStep()
    const [first, ...rest] = graph.nodes
    const outputs = [{ name: 'mul_1', dtype: 'int32', shape: [2] }] as const
    const wrong = { ...graph, nodes: first ? [{ ...first, outputs }, ...rest] : [] }
    expect(() => interpret(wrong, feedsOf())).toThrow(
      'internal: Mul mul_1: expected int32[2], got float32[2].',
    )
  })
})

it('names a value that the graph does not have', () => {
  const graph = { ...linearStep(), results: ['gone'] }
  expect(() => interpret(graph, feedsOf())).toThrow('internal: step: expected a value, got gone.')
})

describe('Interpreter', () => {
  it('keeps its constants, and nothing else, until it is disposed', () => {
    const before = countTensors()
    const interpreter = new Interpreter(linearStep())
    const counts = Array.from({ length: 3 }, () => {
      tf.tidy(() => void interpreter.run(feedsOf()))
      return countTensors() - before
    })
    // The axes of the sum are a constant too, but no kernel asks for their tensor.
    expect(counts).toEqual([1, 1, 1])
    interpreter.dispose()
    expect(countTensors()).toBe(before)
  })

  it('goes node by node and frees what no later node needs', () => {
    const interpreter = new Interpreter(linearStep())
    const feeds = feedsOf()
    const before = countTensors()
    const alive: number[] = []
    const steps = interpreter.step(feeds)
    for (let step = steps.next(); !step.done; step = steps.next()) alive.push(countTensors() - before)
    // product; + tanh; product + loss; loss + half x (and the constant); loss + half x + next.
    expect(alive).toEqual([1, 2, 2, 3, 4])
    interpreter.dispose()
  })

  it('outlives scopes between two nodes, and frees everything when left early', () => {
    const interpreter = new Interpreter(linearStep())
    const feeds = feedsOf()
    const before = countTensors()
    const steps = interpreter.step(feeds)
    const seen: tf.Tensor[] = []
    for (let count = 0; count < 2; count++) {
      tf.tidy(() => {
        const step = steps.next()
        if (!step.done) seen.push(...step.value.outputs)
      })
    }
    expect(seen.map((tensor) => tensor.isDisposed)).toEqual([false, false])
    steps.return(new Map())
    interpreter.dispose()
    expect(countTensors()).toBe(before)
  })
})
