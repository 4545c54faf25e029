/** Nodes that can work on all steps of a block at once: their values then have one axis more, the steps. */
import { ops } from '../graph/ops'
import type { OpName } from '../graph/opNames'
import type { Constant, Node, Value } from '../graph/types'

/** What `stackNode` needs to know of a graph. */
export interface StackContext {
  /** Values by name. */
  readonly values: ReadonlyMap<string, Value | Constant>
  /** Whether a value differs between steps, and so is stacked along a new first axis. */
  readonly isStacked: (name: string) => boolean
  /** The name, or one like it that nothing has yet. */
  readonly newName: (wanted: string) => string
}

/** A node for all steps, and the operands that it takes instead of those of the node for one. */
export interface StackedNode {
  readonly node: Node
  readonly constants: readonly Constant[]
}

type Changes = Partial<Pick<Node, 'inputs' | 'attributes'>> & { readonly constants?: readonly Constant[] }

type StackRule = (node: Node, context: StackContext) => Changes | null

/** The same node over stacked operands; null where there is none. */
export function stackNode(node: Node, context: StackContext): StackedNode | null {
  const rule = rules[node.op] ?? (ops[node.op].isElementwise ? elementwise : null)
  const changes = rule?.(node, context) ?? null
  if (!changes) return null
  const { constants = [], ...rest } = changes
  return { node: { ...node, ...rest }, constants }
}

/** Operands of fewer axes would meet the wrong ones; what all steps share is repeated for each. */
const elementwise: StackRule = ({ inputs, outputs }, { values, isStacked }) => {
  const rank = outputs[0]?.shape.length
  return inputs.every((name) => !isStacked(name) || values.get(name)?.shape.length === rank) ? {} : null
}

/** The bounds have to be scalars. */
const clip: StackRule = ({ inputs }, { isStacked }) => (inputs.slice(1).some(isStacked) ? null : {})

const reduction: StackRule = ({ inputs, attributes }, context) => {
  const rank = rankOf(inputs[0], context)
  const axes = (attributes['axes'] as readonly number[] | undefined) ?? allAxes(rank)
  return axes.length === 0 ? null : { attributes: { ...attributes, axes: axes.map(shifted) } }
}

const reduceSum: StackRule = ({ inputs: [input = '', axes = ''], outputs: [output] }, context) => {
  const given = axes === '' ? allAxes(rankOf(input, context)) : intsOf(axes, context)
  if (!given || given.length === 0 || !output) return null
  const constant = ints(context.newName(`${output.name}/axes`), given.map(shifted))
  return { inputs: [input, constant.name], constants: [constant] }
}

/** One axis, as an attribute. */
const alongAxis: StackRule = ({ op, attributes }) => {
  const axis = Number(attributes['axis'] ?? ops[op].attributes['axis']?.default)
  return { attributes: { ...attributes, axis: shifted(axis) } }
}

/** 0 keeps the number of steps. */
const reshape: StackRule = ({ inputs: [input = '', shape = ''], outputs: [output] }, context) => {
  const sizes = intsOf(shape, context)
  if (!sizes || !output) return null
  const constant = ints(context.newName(`${output.name}/shape`), [0, ...sizes])
  return { inputs: [input, constant.name], constants: [constant] }
}

const rules: { readonly [Op in OpName]?: StackRule } = {
  ArgMax: alongAxis,
  Clip: clip,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceMin: reduction,
  ReduceProd: reduction,
  ReduceSum: reduceSum,
  Reshape: reshape,
  Softmax: alongAxis,
}

/** An axis counted from the end stays where it is. */
function shifted(axis: number): number {
  return axis < 0 ? axis : axis + 1
}

function allAxes(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, axis) => axis)
}

function rankOf(name: string | undefined, { values }: StackContext): number {
  return values.get(name ?? '')?.shape.length ?? 0
}

function intsOf(name: string, { values }: StackContext): readonly number[] | null {
  const value = values.get(name)
  return value && 'data' in value ? Array.from(value.data) : null
}

function ints(name: string, data: readonly number[]): Constant {
  return { name, dtype: 'int64', shape: [data.length], data: Int32Array.from(data) }
}
