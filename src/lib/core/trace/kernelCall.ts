/** One call of a tfjs kernel during a trace, as its rule sees it. */
import type { GraphBuilder } from '../graph/builder'
import { elementTypes } from '../graph/elementTypes'
import type { AttributeValue, DType, Value } from '../graph/types'
import type { OpName } from '../graph/opNames'
import { CompileError, UnsupportedOpError } from '../util/errors'
import { limits } from '../util/laneLimits'
import { sizeOf, type Shape } from '../util/shapes'

/** Turns a kernel call into graph nodes and gives the value or values the kernel returns. */
export type Rule = (call: KernelCall) => Value | readonly Value[]

/** A kernel that was called during a trace, for the rule that records it. */
export class KernelCall {
  constructor(
    readonly kernel: string,
    /** Operands by the names that tfjs gives them; lists have the keys 0, 1, 2 … */
    private readonly operands: Readonly<Record<string, Value | undefined>>,
    private readonly attributes: Readonly<Record<string, unknown>>,
    private readonly builder: GraphBuilder,
  ) {}

  /** The operand of that name. */
  input(name: string): Value {
    const value = this.operands[name]
    if (!value) throw new Error(`internal: ${this.kernel} has no input ${name}`)
    return value
  }

  /** The operand of that name; null where it is left out. */
  optional(name: string): Value | null {
    return this.operands[name] ?? null
  }

  /** The operands of a kernel that takes a list. */
  list(): Value[] {
    return Object.values(this.operands).flatMap((value) => value ?? [])
  }

  /** An attribute of the call, of the type that tfjs documents for the kernel. */
  attribute<T>(name: string): T {
    return this.attributes[name] as T
  }

  add(op: OpName, inputs: readonly (Value | null)[], attributes?: Record<string, AttributeValue>): Value {
    assertOperands(this.builder.name, op, inputs.length)
    return this.builder.add(op, inputs, attributes)
  }

  addMany(
    op: OpName,
    inputs: readonly (Value | null)[],
    attributes?: Record<string, AttributeValue>,
  ): readonly Value[] {
    assertOperands(this.builder.name, op, inputs.length)
    const outputs = this.builder.addMany(op, inputs, attributes)
    assertOperands(this.builder.name, op, outputs.length)
    return outputs
  }

  /** A float32 scalar, or of another element type. */
  scalar(value: number, dtype: DType = 'float32'): Value {
    return this.builder.scalar(value, dtype)
  }

  /** The operand that ONNX wants for shapes, axes and the like. */
  int64(values: readonly number[]): Value {
    return this.builder.int64s(values)
  }

  /** A constant, row-major. */
  constant(values: readonly number[], shape: Shape, dtype: DType = 'float32'): Value {
    return this.builder.constant(values, dtype, shape)
  }

  /** A constant with one value everywhere. */
  filled(value: number, shape: Shape, dtype: DType = 'float32'): Value {
    return this.constant(new Array<number>(sizeOf(shape)).fill(value), shape, dtype)
  }

  reshape(value: Value, shape: Shape): Value {
    return this.add('Reshape', [value, this.int64(shape)])
  }

  transpose(value: Value, perm: readonly number[]): Value {
    return this.add('Transpose', [value], { perm })
  }

  /** The value in another element type; itself where it has it already. */
  cast(value: Value, to: DType): Value {
    return value.dtype === to ? value : this.add('Cast', [value], { to: elementTypes[to] })
  }

  /** For what a kernel can be asked to do and a graph cannot. */
  unsupported(what: string): UnsupportedOpError {
    return new UnsupportedOpError(
      `${this.kernel}: expected a form that a graph can hold, got ${what}. Change the layer, or run this lane eagerly.`,
    )
  }
}

function assertOperands(name: string, op: OpName, count: number): void {
  if (count <= limits.operands) return
  throw new CompileError(
    `${name}: expected at most ${limits.operands} tensors in one operation, got ${count} in ${op}. ` +
      'Join them in parts, or run it eagerly.',
  )
}
