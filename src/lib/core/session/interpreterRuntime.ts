/** The graph interpreter as a runtime: for WebGL, whose engine in onnxruntime-web cannot run a training step. */
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { withoutBringBack } from '../eager/variableSource'
import type { Graph, TensorType } from '../graph/types'
import { Interpreter } from '../interpret/interpreter'
import type { BlockInput, BlockOutput, LoadedGraph, Runtime, StateValue } from './runtime'
import type { HostTensor } from './types'

/** Runs graphs on the kernels of tfjs. */
export class InterpreterRuntime implements Runtime {
  readonly backend = 'webgl'
  readonly runsBlocks = false

  load(graph: Graph): Promise<LoadedGraph> {
    return Promise.resolve(new InterpretedGraph(graph))
  }

  upload(variables: readonly tf.Variable[]): Promise<StateValue> {
    const packed = () => {
      const [only, ...others] = variables
      if (only && others.length === 0) return tf.clone(only)
      return tf.concat(variables.map((variable) => tf.reshape(variable, [-1])))
    }
    return Promise.resolve(withoutBringBack(() => tf.keep(tf.tidy(packed))))
  }

  download(value: StateValue, variables: readonly tf.Variable[]): Promise<void> {
    this.downloadNow(value, variables)
    return Promise.resolve()
  }

  downloadNow(value: StateValue, variables: readonly tf.Variable[]): boolean {
    const assign = () => {
      const flat = tf.reshape(value as tf.Tensor, [-1])
      let offset = 0
      for (const variable of variables) {
        variable.assign(tf.reshape(tf.slice(flat, offset, variable.size), variable.shape))
        offset += variable.size
      }
    }
    withoutBringBack(() => tf.tidy(assign))
    return true
  }

  release(value: StateValue): void {
    ;(value as tf.Tensor).dispose()
  }
}

class InterpretedGraph implements LoadedGraph {
  readonly #interpreter: Interpreter

  constructor(private readonly graph: Graph) {
    this.#interpreter = new Interpreter(graph)
  }

  async run({ feeds, states }: BlockInput): Promise<BlockOutput> {
    const { results, next } = this.#dispatch(feeds, states)
    const read: HostTensor[] = []
    for (const tensor of results) {
      read.push({ ...typeOf(tensor), values: await readBack(tensor) })
      tensor.dispose()
    }
    return { results: read, states: next }
  }

  dispose(): void {
    this.#interpreter.dispose()
  }

  /** Runs all kernels; nothing is read. */
  #dispatch(feeds: BlockInput['feeds'], states: BlockInput['states']) {
    const next = new Map<string, StateValue>()
    const results: tf.Tensor[] = []
    tf.tidy(() => {
      const inputs = new Map<string, tf.Tensor>()
      for (const [name, { values, shape, dtype }] of feeds) {
        inputs.set(name, tf.tensor(values, [...shape], dtype === 'int64' ? 'int32' : dtype))
      }
      for (const [name, value] of states) inputs.set(name, value as tf.Tensor)
      const outputs = this.#interpreter.run(inputs)
      // A value may be result and state at once, and an input may be either: each gets a tensor of its own.
      for (const name of this.graph.results) results.push(tf.keep(tf.clone(valueOf(outputs, name))))
      for (const { input, output } of this.graph.states) {
        if (output !== null) next.set(input, tf.keep(tf.clone(valueOf(outputs, output))))
      }
    })
    return { results, next }
  }
}

function valueOf(outputs: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor {
  const tensor = outputs.get(name)
  if (!tensor) throw new Error(`internal: the interpreter gave no ${name}`)
  return tensor
}

function typeOf({ dtype, shape }: tf.Tensor): TensorType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return { dtype, shape }
  throw new Error(`internal: a graph gave ${dtype}`)
}
