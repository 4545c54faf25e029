/** The graph: an immutable, typed subset of ONNX (opset 17) that knows where each node came from. No execution. */
import type { Shape } from '../util/shapes'
import type { OpName } from './opNames'

/** int64 only for the shape and axis operands that ONNX wants so; their data are held as Int32Array. */
export type DType = 'float32' | 'int32' | 'int64' | 'bool'

/** float32 as Float32Array, int32 and int64 as Int32Array, bool as Uint8Array of 0 and 1. */
export type ConstantData = Float32Array | Int32Array | Uint8Array

/** The part of a training step that a node belongs to. */
export type Phase = 'forward' | 'loss' | 'backward' | 'update'

/** Where a node came from in the program. */
export interface Origin {
  readonly phase: Phase
  /** Name of the layer, such as `dense_1` or `2` in a `nn.Sequential`; empty outside of layers. */
  readonly layer: string
  /** Line of the program, counted from 1; 0 where unknown. */
  readonly line: number
}

/** Element type and static shape of a value. */
export interface TensorType {
  readonly dtype: DType
  readonly shape: Shape
}

/** A value: made by exactly one node, or a constant, or an input. Names are unique in a graph. */
export interface Value extends TensorType {
  readonly name: string
}

/** A value that is part of the graph. Row-major. */
export interface Constant extends Value {
  readonly data: ConstantData
}

/** The value of an attribute. */
export type AttributeValue = number | string | readonly number[]

/**
 * One ONNX operator. `inputs` are value names, '' for an optional operand that is left out. Attributes are those
 * of ONNX with ONNX's names; integers and floats are told apart by the operator's entry in `ops.ts`.
 */
export interface Node {
  readonly op: OpName
  readonly inputs: readonly string[]
  readonly outputs: readonly Value[]
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly origin: Origin
}

/**
 * What an input is. `argument`: an argument of the call. `state`: what variables hold before the step.
 * `host`: computed anew by the host for every step, such as the learning rate or a dropout mask.
 */
export type InputRole = 'argument' | 'state' | 'host'

/** An input of a graph and what it is for. */
export interface GraphInput extends Value {
  readonly role: InputRole
}

/** A variable of the program: a weight, an optimizer slot, a moving average. */
export interface VariableInfo {
  readonly name: string
  readonly shape: Shape
}

/**
 * State that the graph reads and, with an `output`, leaves for the next step. Several variables may be packed into
 * one flat vector: then they lie one after another, row-major, in the order of `variables`.
 */
export interface State {
  /** Name of an input of role `state`. */
  readonly input: string
  /** Name of the value that the state becomes, of the input's type; null where it is only read. */
  readonly output: string | null
  readonly variables: readonly VariableInfo[]
}

/**
 * Invariants, checked by `verify`: nodes are in topological order; every operand is an input, a constant or made by
 * an earlier node; names are unique; types are those that `ops.ts` infers; results and state outputs exist.
 */
export interface Graph {
  readonly name: string
  readonly inputs: readonly GraphInput[]
  readonly constants: readonly Constant[]
  readonly nodes: readonly Node[]
  readonly states: readonly State[]
  /** Names of the values that the call gives back, in order; may repeat, and may be inputs or constants. */
  readonly results: readonly string[]
}
