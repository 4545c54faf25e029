/** Builds a graph node by node; types are inferred as nodes are added, names are made unique. */
import { GraphError } from '../util/errors'
import { isSameShape, printShape, sizeOf, type Shape } from '../util/shapes'
import { dataOf, holds } from './elementTypes'
import type { OpName } from './opNames'
import { printType, type Attributes, type Operand } from './opRule'
import { inferTypes } from './ops'
import type {
  Constant,
  ConstantData,
  DType,
  Graph,
  GraphInput,
  InputRole,
  Node,
  Origin,
  State,
  TensorType,
  Value,
  VariableInfo,
} from './types'

/** Larger constants are rarely equal, and comparing them costs more than it saves. */
const largestShared = 64

/** Collects nodes and constants, and gives the graph. */
export class GraphBuilder {
  /** Where the nodes that are added from now on come from. */
  origin: Origin = { phase: 'forward', layer: '', line: 0 }

  #inputs: GraphInput[] = []
  #constants: Constant[] = []
  #nodes: Node[] = []
  readonly #states: State[] = []
  readonly #results: string[] = []
  /** What took the place of a value, by its name. */
  readonly #replaced = new Map<string, Value>()
  readonly #values = new Map<string, Operand>()
  readonly #shared = new Map<string, Constant>()
  readonly #names = new Map<string, number>()

  constructor(readonly name: string) {}

  /** An input; its name is `hint` or, where that is taken, `hint_1` and so on. */
  input(role: InputRole, { dtype, shape }: TensorType, hint: string): GraphInput {
    const input: GraphInput = { role, name: this.#nameLike(hint), dtype, shape }
    this.#values.set(input.name, input)
    this.#inputs.push(input)
    return input
  }

  /** A constant that can be replaced: no other is this one. Row-major; `data` is not copied. */
  ownConstant(data: ConstantData, dtype: DType, shape: Shape): Constant {
    return this.#addConstant(data, dtype, shape)
  }

  /** A constant, row-major; `data` is not copied. Equal small constants are one. */
  constant(data: ConstantData | readonly number[], dtype: DType, shape: Shape): Constant {
    const elements = ArrayBuffer.isView(data) ? data : dataOf(data, dtype)
    if (!holds(elements, dtype) || elements.length !== sizeOf(shape)) {
      const got = `${elements.constructor.name} of ${elements.length}`
      throw new GraphError(
        `internal: constant: expected data for ${printType({ dtype, shape })}, got ${got}.`,
      )
    }
    if (elements.length > largestShared) return this.#addConstant(elements, dtype, shape)
    const key = `${printType({ dtype, shape })} ${bytesOf(elements).join()}`
    const known = this.#shared.get(key) ?? this.#addConstant(elements, dtype, shape)
    this.#shared.set(key, known)
    return known
  }

  /** A constant of shape []. */
  scalar(value: number, dtype: DType = 'float32'): Constant {
    return this.constant([value], dtype, [])
  }

  /** An int64 vector, as the shape and axis operands are. */
  int64s(values: readonly number[]): Constant {
    return this.constant(values, 'int64', [values.length])
  }

  /** Adds a node with one output and gives that. `null` leaves an optional operand out. Throws ShapeError. */
  add(op: OpName, inputs: readonly (Value | null)[], attributes: Attributes = {}): Value {
    const [value, ...others] = this.addMany(op, inputs, attributes)
    if (value !== undefined && others.length === 0) return value
    throw new GraphError(`internal: ${op}: expected one output, got ${others.length + 1}. Use addMany.`)
  }

  /** Adds a node and gives its outputs. Throws ShapeError naming the operator. */
  addMany(op: OpName, inputs: readonly (Value | null)[], attributes: Attributes = {}): readonly Value[] {
    const operands = inputs.map((value) => (value === null ? undefined : this.#known(op, value)))
    const base = op.charAt(0).toLowerCase() + op.slice(1)
    const outputs = inferTypes(op, operands, attributes).map((type) => ({
      name: this.#numbered(base),
      ...type,
    }))
    for (const output of outputs) this.#values.set(output.name, output)
    const names = inputs.map((value) => (value === null ? '' : this.newest(value).name))
    this.#nodes.push({ op, inputs: names, outputs, attributes, origin: this.origin })
    return outputs
  }

  /** Declares state: an input of role `state`, what it becomes (null: only read), the variables it holds. */
  state(input: GraphInput, output: Value | null, variables: readonly VariableInfo[]): void {
    if (output !== null && (output.dtype !== input.dtype || !isSameShape(output.shape, input.shape))) {
      const got = printType(this.#known('state', output))
      throw new GraphError(`internal: state ${input.name}: expected ${printType(input)}, got ${got}.`)
    }
    this.#states.push({ input: input.name, output: output && this.newest(output).name, variables })
  }

  /** Puts an input of the same type in the place of another one or of a constant, also in what was added so far. */
  replace(old: GraphInput | Constant, input: GraphInput): void {
    this.#replaced.set(old.name, input)
    this.#inputs = this.#inputs.filter((each) => each !== old)
    this.#constants = this.#constants.filter((each) => each !== old)
    this.#nodes = this.#nodes.map((node) => {
      if (!node.inputs.includes(old.name)) return node
      return { ...node, inputs: node.inputs.map((name) => (name === old.name ? input.name : name)) }
    })
  }

  /** The value itself, or what took its place. */
  newest(value: Value): Value {
    return this.#replaced.get(value.name) ?? value
  }

  /** Declares what the call gives back next. */
  result(value: Value): void {
    this.#known('result', value)
    this.#results.push(this.newest(value).name)
  }

  /** Nodes so far. */
  get size(): number {
    return this.#nodes.length
  }

  /** The graph so far; the builder may go on. */
  build(): Graph {
    return {
      name: this.name,
      inputs: [...this.#inputs],
      constants: [...this.#constants],
      nodes: [...this.#nodes],
      states: [...this.#states],
      results: [...this.#results],
    }
  }

  #addConstant(data: ConstantData, dtype: DType, shape: Shape): Constant {
    const constant: Constant = { name: this.#numbered('constant'), dtype, shape, data }
    this.#values.set(constant.name, constant)
    this.#constants.push(constant)
    return constant
  }

  #known(where: string, { name, shape }: Value): Operand {
    const value = this.#values.get(name)
    if (value && isSameShape(value.shape, shape)) return value
    const got = `${name} ${printShape(shape)}`
    throw new GraphError(`internal: ${where}: expected a value of graph ${this.name}, got ${got}.`)
  }

  /** `tanh_1`, `tanh_2`, .. */
  #numbered(base: string): string {
    const count = (this.#names.get(base) ?? 0) + 1
    this.#names.set(base, count)
    const name = `${base}_${count}`
    return this.#values.has(name) ? this.#numbered(base) : name
  }

  #nameLike(hint: string): string {
    if (hint !== '' && !this.#values.has(hint)) return hint
    return this.#numbered(hint === '' ? 'input' : hint)
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ConstantData): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
