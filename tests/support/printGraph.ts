/** A graph as text, one node per line: for people, and for tests that compare graphs. */
import { dtypeOfElementType } from '../../src/lib/core/graph/elementTypes'
import { printType } from '../../src/lib/core/graph/opRule'
import { constantsOf } from '../../src/lib/core/graph/queries'
import type {
  AttributeValue,
  Constant,
  Graph,
  Node,
  Origin,
  State,
  Value,
} from '../../src/lib/core/graph/types'

/** Larger constants are listed by name and type instead of being written where they are used. */
const largestInline = 8

/** For example `  tanh_1: float32[4, 8] = Tanh(add_1)  # forward dense_1 line 12`. */
export function printGraph(graph: Graph): string {
  const constants = constantsOf(graph)
  const operand = (name: string): string => printOperand(name, constants.get(name))
  const large = graph.constants.filter(({ data }) => data.length > largestInline)
  return [
    `graph ${graph.name}`,
    ...graph.inputs.map((input) => `  ${input.role} ${printValue(input)}`),
    ...large.map((constant) => `  constant ${printValue(constant)}`),
    ...graph.nodes.map((node) => `  ${printNode(node, operand)}${printOrigin(node.origin)}`),
    ...graph.states.map((state) => `  ${printState(state, operand)}`),
    `  return ${graph.results.map(operand).join(', ')}`,
  ]
    .map((line) => line.trimEnd())
    .join('\n')
}

/** A node without its origin: `sum_1: float32[] = ReduceSum(x, [0], keepdims=0)`; operands by `operand`. */
export function printNode(
  { op, inputs, outputs, attributes }: Node,
  operand: (name: string) => string,
): string {
  const operands = inputs.map(operand)
  const settings = Object.entries(attributes).map(([name, value]) => `${name}=${printAttribute(name, value)}`)
  return `${outputs.map(printValue).join(', ')} = ${op}(${[...operands, ...settings].join(', ')})`
}

function printValue(value: Value): string {
  return `${value.name}: ${printType(value)}`
}

function printOperand(name: string, constant: Constant | undefined): string {
  if (name === '') return '-'
  if (constant === undefined || constant.data.length > largestInline) return name
  const numbers = Array.from(constant.data, printNumber).join(', ')
  if (constant.shape.length === 0) return numbers
  return constant.shape.length === 1 ? `[${numbers}]` : `${printType(constant)}[${numbers}]`
}

/** Seven digits, so that 0.1 as float32 reads 0.1. */
function printNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(Number(value.toPrecision(7)))
}

function printAttribute(name: string, value: AttributeValue): string {
  if (name === 'to' && typeof value === 'number') return dtypeOfElementType(value)
  return typeof value === 'object' ? `[${value.join(', ')}]` : String(value)
}

function printOrigin({ phase, layer, line }: Origin): string {
  return ['  #', phase, layer, line > 0 ? `line ${line}` : ''].filter((part) => part !== '').join(' ')
}

function printState({ input, output, variables }: State, operand: (name: string) => string): string {
  const names = variables.map(({ name }) => name).join(', ')
  return `state ${input} (${names})${output === null ? '' : ` becomes ${operand(output)}`}`
}
