/** Computes equal expressions once. */
import type { OpName } from '../graph/opNames'
import type { Constant, Graph, Node } from '../graph/types'
import type { Pass } from './pass'
import { resultOf, Rewrite } from './rewrite'

/** Operators whose operands may change places. */
const commutative: ReadonlySet<OpName> = new Set(['Add', 'And', 'Equal', 'Max', 'Min', 'Mul', 'Or'])

/** Same operator, operands and attributes: the first stays, with its origin. Equal constants likewise. */
export const eliminateCommonSubexpressions: Pass = {
  name: 'eliminateCommonSubexpressions',
  title: 'Compute equal expressions once',
  run(graph) {
    const edit = new Rewrite(graph)
    for (const [name, first] of equalConstants(graph)) edit.substitute(name, first)
    const seen = new Map<string, string>()
    for (const original of graph.nodes) {
      edit.take(original, (node) => {
        if (node.outputs.length !== 1) return null
        const key = keyOf(node)
        const first = seen.get(key)
        if (first === undefined) seen.set(key, resultOf(node).name)
        return first ?? null
      })
    }
    return edit.finish()
  },
}

function keyOf({ op, inputs, attributes }: Node): string {
  const operands = commutative.has(op) ? inputs.toSorted() : inputs
  const settings = Object.entries(attributes)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
  return [op, ...operands, '|', ...settings].join(' ')
}

/** Constants that repeat an earlier one, each with the earlier one's name. */
function equalConstants(graph: Graph): Map<string, string> {
  const repeated = new Map<string, string>()
  const groups = new Map<string, Constant[]>()
  for (const constant of graph.constants) {
    const key = `${constant.dtype} ${constant.shape.join()} ${hashOf(constant)}`
    const group = groups.get(key) ?? []
    const first = group.find((other) => hasSameBytes(other, constant))
    if (first) repeated.set(constant.name, first.name)
    else groups.set(key, [...group, constant])
  }
  return repeated
}

/** FNV-1a over the bytes. */
function hashOf(constant: Constant): number {
  let hash = 0x811c9dc5
  for (const byte of bytesOf(constant)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash
}

/** By bytes, so that −0 is not 0 and NaN is NaN. */
function hasSameBytes(a: Constant, b: Constant): boolean {
  const others = bytesOf(b)
  return bytesOf(a).every((byte, index) => byte === others[index])
}

function bytesOf({ data }: Constant): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
