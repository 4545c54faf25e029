/**
 * Arrays as a file that `numpy.load` reads: an uncompressed zip of .npy files, each a magic string, a header and the
 * values. Source: numpy.lib.format, version 1.0.
 */
import { at } from '../util/at'
import { zipSync } from 'fflate'
import type { Shape } from '../util/shapes'

/** An array on the host, row-major. */
export interface NpzArray {
  readonly shape: Shape
  readonly values: Float32Array | Int32Array
}

/** Inputs and targets; the first axis counts the examples. */
interface Examples {
  /** `lengths` says where sequences of different length end. */
  readonly x: NpzArray & { readonly lengths?: Int32Array }
  readonly y: NpzArray
}

const magic = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]
/** Of magic string, length and header together, so that the values lie aligned. */
const headerAlignment = 64
/** Zip has no earlier one; a fixed time gives the same bytes each time. */
const mtime = new Date(1980, 0, 1)

/** The bytes of an .npz file; arrays keep their order and names. */
export function writeNpz(arrays: Readonly<Record<string, NpzArray>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npy(array)] as const)
  return zipSync(Object.fromEntries(files), { level: 0, mtime })
}

/**
 * The data file of a translated program: `x_train`, `y_train`, `x_test`, `y_test`, the lengths of sequences that differ in
 * it, and `order` [epochs, n] where the orders of all epochs are given.
 */
export function writeExamples(
  { train, test }: { readonly train: Examples; readonly test: Examples },
  orders: readonly ArrayLike<number>[] = [],
): Uint8Array {
  const [first] = orders
  const order = first && {
    shape: [orders.length, first.length],
    values: Int32Array.from(orders.flatMap((rows) => Array.from(rows))),
  }
  return writeNpz({
    ...{ x_train: train.x, y_train: train.y, x_test: test.x, y_test: test.y },
    ...lengthsOf('lengths_train', train),
    ...lengthsOf('lengths_test', test),
    ...(order && { order }),
  })
}

function lengthsOf(name: string, { x }: Examples): Readonly<Record<string, NpzArray>> {
  const { lengths } = x
  return lengths === undefined ? {} : { [name]: { shape: [lengths.length], values: lengths } }
}

function npy({ shape, values }: NpzArray): Uint8Array {
  const descr = values instanceof Int32Array ? '<i4' : '<f4'
  const sizes = shape.length === 1 ? `${at(shape, 0)},` : shape.join(', ')
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`
  const before = magic.length + 2
  const length = Math.ceil((before + text.length + 1) / headerAlignment) * headerAlignment
  const bytes = new Uint8Array(length + values.byteLength)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  view.setUint16(magic.length, length - before, true)
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - before - 1)}\n`), before)
  const write = values instanceof Int32Array ? view.setInt32.bind(view) : view.setFloat32.bind(view)
  for (let index = 0; index < values.length; index++) write(length + 4 * index, at(values, index), true)
  return bytes
}
