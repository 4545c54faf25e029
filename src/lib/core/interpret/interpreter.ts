/** Runs a graph node by node on the kernels of the current tfjs backend. Nothing is read back. */
import { tf } from '../eager/tfjs'
import { callOf } from '../graph/ops'
import { printType, type Call } from '../graph/opRule'
import { outputsOf, valuesOf } from '../graph/queries'
import type { Constant, Graph, Node, TensorType, Value } from '../graph/types'
import { GraphError } from '../util/errors'
import { isSameShape, printShape } from '../util/shapes'
import { tensorTypes } from './kernelCall'
import { kernels } from './kernels'

/** A node that just ran; its outputs live until the next step. */
export interface InterpretedNode {
  readonly node: Node
  readonly outputs: readonly tf.Tensor[]
}

/** How a graph is run. */
export interface InterpretOptions {
  /** Called after each node; the outputs live until it returns. */
  readonly onNode?: (node: Node, outputs: readonly tf.Tensor[]) => void
}

/** A node with what needs to be found out only once. */
interface Instruction {
  readonly node: Node
  readonly call: Call
  /** Values that nothing needs after this node. */
  readonly lastUses: readonly string[]
}

/** Values by name: results of the call and what states become. The caller owns them. */
export type Outputs = Map<string, tf.Tensor>

/** A graph made ready for many runs on one backend. Its constants stay on the device until `dispose`. */
export class Interpreter {
  readonly #instructions: readonly Instruction[]
  readonly #constants: ReadonlyMap<string, Constant>
  readonly #uploaded = new Map<string, tf.Tensor>()

  constructor(readonly graph: Graph) {
    this.#constants = new Map(graph.constants.map((constant) => [constant.name, constant]))
    this.#instructions = instructionsOf(graph)
  }

  /**
   * Runs the whole graph. `feeds` holds a tensor for each input and stays the caller's. Throws GraphError where a
   * feed is missing or has another type.
   */
  run(feeds: ReadonlyMap<string, tf.Tensor>, { onNode }: InterpretOptions = {}): Outputs {
    const steps = this.step(feeds)
    let step = steps.next()
    while (!step.done) {
      onNode?.(step.value.node, step.value.outputs)
      step = steps.next()
    }
    return step.value
  }

  /** Like `run`, one node at a time. Whoever stops early calls `return()`, which frees what there is so far. */
  *step(feeds: ReadonlyMap<string, tf.Tensor>): Generator<InterpretedNode, Outputs, undefined> {
    for (const input of this.graph.inputs) expectFeed(this.graph, input, feeds.get(input.name))
    const made = new Map<string, tf.Tensor>()
    const find = (name: string): tf.Tensor => made.get(name) ?? feeds.get(name) ?? this.#constant(name)
    try {
      for (const { node, call, lastUses } of this.#instructions) {
        const outputs = execute(node, call, find)
        node.outputs.forEach(({ name }, index) => {
          const output = outputs[index]
          if (output) made.set(name, output)
        })
        yield { node, outputs }
        for (const name of lastUses) {
          made.get(name)?.dispose()
          made.delete(name)
        }
      }
      return new Map([...outputsOf(this.graph)].map((name) => [name, find(name).clone()]))
    } finally {
      for (const tensor of made.values()) tensor.dispose()
    }
  }

  /** Frees the constants. */
  dispose(): void {
    for (const tensor of this.#uploaded.values()) tensor.dispose()
    this.#uploaded.clear()
  }

  /** Most shape operands are never asked for: a constant is uploaded when a kernel wants it. */
  #constant(name: string): tf.Tensor {
    const uploaded = this.#uploaded.get(name)
    if (uploaded) return uploaded
    const constant = this.#constants.get(name)
    if (!constant) throw new GraphError(`internal: ${this.graph.name}: expected a value, got ${name}.`)
    const { data, shape, dtype } = constant
    const tensor = tf.keep(tf.tensor(data, [...shape], tensorTypes[dtype]))
    this.#uploaded.set(name, tensor)
    return tensor
  }
}

/** Runs a graph once. Throws GraphError where a feed is missing or has another type. */
export function interpret(
  graph: Graph,
  feeds: ReadonlyMap<string, tf.Tensor>,
  options: InterpretOptions = {},
): Outputs {
  const interpreter = new Interpreter(graph)
  try {
    return interpreter.run(feeds, options)
  } finally {
    interpreter.dispose()
  }
}

function instructionsOf(graph: Graph): readonly Instruction[] {
  const values = valuesOf(graph)
  const needed = new Set(outputsOf(graph))
  const backwards = graph.nodes.toReversed().map((node) => {
    const touched = new Set([...node.inputs, ...node.outputs.map(({ name }) => name)])
    const lastUses = [...touched].filter((name) => !needed.has(name))
    for (const name of touched) needed.add(name)
    const operands = node.inputs.map((name) => (name === '' ? undefined : values.get(name)))
    return { node, call: callOf(node.op, operands, node.attributes), lastUses }
  })
  return backwards.reverse()
}

/** The outputs are kept: they outlive the caller's scopes until they are disposed. */
function execute(node: Node, call: Call, find: (name: string) => tf.Tensor): readonly tf.Tensor[] {
  const borrowed = new Set<tf.Tensor>()
  const tensor = (index: number): tf.Tensor | undefined => {
    const name = node.inputs[index] ?? ''
    if (name === '') return undefined
    const operand = find(name)
    borrowed.add(operand)
    return operand
  }
  return tf.tidy(() => {
    const result = kernels[node.op]({ ...call, tensor, outputs: node.outputs })
    const made = Array.isArray(result) ? result : [result]
    node.outputs.forEach((output, index) => expectTensor(`${node.op} ${output.name}`, output, made[index]))
    // What a kernel passes through belongs to somebody else.
    return made.map((output) => tf.keep(borrowed.has(output) ? output.clone() : output))
  })
}

function expectFeed({ name: graph }: Graph, input: Value, tensor: tf.Tensor | undefined): void {
  expectTensor(`${graph}: feed ${input.name}`, input, tensor)
}

function expectTensor(where: string, { dtype, shape }: TensorType, tensor: tf.Tensor | undefined): void {
  if (tensor?.dtype === tensorTypes[dtype] && isSameShape(tensor.shape, shape)) return
  const got = tensor ? `${tensor.dtype}${printShape(tensor.shape)}` : 'none'
  throw new GraphError(`internal: ${where}: expected ${printType({ dtype, shape })}, got ${got}.`)
}
