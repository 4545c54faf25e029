/**
 * How the weights of recurrent cells differ between the layouts: in the order of gates, and in how many biases there are.
 * Keras has one for a simple cell and an LSTM, and [2, …] for a GRU; PyTorch has one of the input and one of the state.
 */
import { at, last } from '../util/at'
import { ShapeError } from '../util/errors'
import type { ModelWeights, RecurrentCell, Weight } from './weights'

type Layout = ModelWeights['layout']

/** Gate i of one layout is gate `order[i]` of the other; null where the other framework has no such cell. */
const gateOrders: { readonly [C in RecurrentCell]: readonly number[] | null } = {
  simpleRnn: [0],
  // Input, forget, candidate, output in both.
  lstm: [0, 1, 2, 3],
  // Update, reset, candidate in Keras; reset, update, candidate in PyTorch. A swap is its own inverse.
  gru: [1, 0, 2],
  gruResetBefore: null,
}

/** The weight with its gates, which lie along its last axis, in the other layout's order. Throws ShapeError. */
export function reorderedGates(weight: Weight, cell: RecurrentCell): Weight {
  const order = gateOrders[cell]
  if (order === null) {
    throw new ShapeError(
      `'${weight.name}': expected a GRU with resetAfter: true for PyTorch, which has no other, got one with false. ` +
        'Leave resetAfter out.',
    )
  }
  const { values, shape } = weight
  const size = last(shape)
  const units = size / order.length
  const reordered = Float32Array.from(values, (_, index) => {
    const within = index % size
    const gate = at(order, Math.floor(within / units))
    return at(values, index - within + gate * units + (within % units))
  })
  return { ...weight, values: reordered }
}

/** A bias of a recurrent cell, and nothing else. */
export function isRecurrentBias({ recurrent }: Pick<Weight, 'recurrent'>): boolean {
  return recurrent?.part === 'bias'
}

/** Biases of one cell: of the input, and of the state where it has one of its own. */
interface Biases {
  readonly rows: readonly Float32Array[]
  /** How many entries of the list they take. */
  readonly taken: number
}

/** The biases that begin at `index`. */
function biasesAt(weights: readonly Weight[], index: number, layout: Layout): Biases {
  const first = weights[index]
  if (!first) return { rows: [], taken: 0 }
  if (layout === 'keras') {
    const [count, length] = first.shape.length === 2 ? first.shape : [1, first.values.length]
    const rows = Array.from({ length: count ?? 1 }, (_, row) => {
      return first.values.subarray(row * (length ?? 0), (row + 1) * (length ?? 0))
    })
    return { rows, taken: 1 }
  }
  const second = weights[index + 1]
  const rows = second && isRecurrentBias(second) ? [first.values, second.values] : [first.values]
  return { rows, taken: rows.length }
}

/** The same rows as the entries of a layout's list, named after `first`. */
function asEntries(rows: readonly Float32Array[], first: Weight, layout: Layout): Weight[] {
  const length = rows[0]?.length ?? 0
  if (layout === 'torch') return rows.map((values) => ({ ...first, shape: [length], values }))
  const shape = rows.length === 1 ? [length] : [rows.length, length]
  return [{ ...first, shape, values: Float32Array.from(rows.flatMap((row) => Array.from(row))) }]
}

/** The list with each cell's biases as entries of the layout `to`; values stay in their order. */
export function withBiasesOf(weights: readonly Weight[], from: Layout, to: Layout): Weight[] {
  return mapBiases(weights, from, (rows) => rows, to)
}

/** The list with one bias where Keras has one: the sum, which is all that counts for what the cell computes. */
export function withSummedBiases({ layout, weights }: ModelWeights): ModelWeights {
  return { layout, weights: mapBiases(weights, layout, (rows, cell) => fitRows(rows, 1, cell), layout) }
}

function mapBiases(
  weights: readonly Weight[],
  from: Layout,
  change: (rows: readonly Float32Array[], cell: RecurrentCell) => readonly Float32Array[],
  to: Layout,
): Weight[] {
  const mapped: Weight[] = []
  for (let index = 0; index < weights.length;) {
    const weight = weights[index] as Weight
    if (!weight.recurrent || !isRecurrentBias(weight)) {
      mapped.push(weight)
      index++
      continue
    }
    const { rows, taken } = biasesAt(weights, index, from)
    mapped.push(...asEntries(change(rows, weight.recurrent.cell), weight, to))
    index += taken
  }
  return mapped
}

/** What a model expects, as far as biases go. */
type Expected = Pick<Weight, 'shape' | 'recurrent'>

/** `weights` of the layout `from` as a list of the layout `to` with as many biases of each cell as `expected` has. */
export function withExpectedBiases(
  weights: readonly Weight[],
  from: Layout,
  to: Layout,
  expected: readonly Expected[],
): Weight[] {
  const counts = expectedCounts(expected, to)
  let cell = 0
  return mapBiases(weights, from, (rows, kind) => fitRows(rows, counts[cell++] ?? rows.length, kind), to)
}

/** How many biases each cell has, in order. */
function expectedCounts(expected: readonly Expected[], layout: Layout): number[] {
  return expected.flatMap((weight, index) => {
    if (!isRecurrentBias(weight)) return []
    if (layout === 'keras') return [weight.shape.length === 2 ? at(weight.shape, 0) : 1]
    const before = expected[index - 1]
    if (before && isRecurrentBias(before)) return []
    const after = expected[index + 1]
    return [after && isRecurrentBias(after) ? 2 : 1]
  })
}

/** So many rows of the same sum; a GRU needs its two apart. */
function fitRows(rows: readonly Float32Array[], count: number, cell: RecurrentCell): readonly Float32Array[] {
  const [first, second] = rows
  if (!first || rows.length === count || cell === 'gru' || cell === 'gruResetBefore') return rows
  if (count === 2) return [first, new Float32Array(first.length)]
  return [first.map((value, index) => value + (second?.[index] ?? 0))]
}
