/** The bytes of .npz files; tests/golden has numpy read them. */
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { writeExamples, writeNpz } from './npz'

const floats = (shape: readonly number[], ...values: number[]) => ({
  shape,
  values: Float32Array.from(values),
})

/** Header text and offset of the values of an .npy file. */
function parts(file: Uint8Array | undefined) {
  if (!file) throw new Error('no such array')
  const end = 10 + new DataView(file.buffer, file.byteOffset).getUint16(8, true)
  return { header: new TextDecoder().decode(file.subarray(10, end)), values: file.slice(end), end }
}

describe('writeNpz', () => {
  it('writes a header of a whole number of 64 bytes and little-endian values', () => {
    const files = unzipSync(writeNpz({ x: floats([2, 1], 1.5, -2), n: floats([3], 0, 0, 0) }))
    expect(Object.keys(files)).toEqual(['x.npy', 'n.npy'])
    expect([...(files['x.npy']?.subarray(0, 8) ?? [])]).toEqual([0x93, 78, 85, 77, 80, 89, 1, 0])
    const { header, values, end } = parts(files['x.npy'])
    expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }")
    expect(header.endsWith('\n')).toBe(true)
    expect(end % 64).toBe(0)
    expect([...new Float32Array(values.buffer)]).toEqual([1.5, -2])
    expect(parts(files['n.npy']).header).toContain("'shape': (3,)")
  })

  it('gives the same bytes each time', () => {
    const arrays = { x: floats([1], 1) }
    expect(writeNpz(arrays)).toEqual(writeNpz(arrays))
  })
})

describe('writeExamples', () => {
  const part = { x: floats([1, 2], 1, 2), y: { shape: [1], values: Int32Array.of(7) } }

  it('names the arrays of both parts, class numbers as integers', () => {
    const files = unzipSync(writeExamples({ train: part, test: part }))
    expect(Object.keys(files)).toEqual(['x_train.npy', 'y_train.npy', 'x_test.npy', 'y_test.npy'])
    const { header, values } = parts(files['y_train.npy'])
    expect(header).toContain("'descr': '<i4'")
    expect([...new Int32Array(values.buffer)]).toEqual([7])
  })

  it('adds where sequences of different length end', () => {
    const ragged = {
      ...part,
      x: { shape: [1, 3], values: Int32Array.of(1, 2, 0), lengths: Int32Array.of(2) },
    }
    const files = unzipSync(writeExamples({ train: ragged, test: ragged }))
    expect(Object.keys(files).slice(4)).toEqual(['lengths_train.npy', 'lengths_test.npy'])
    expect([...new Int32Array(parts(files['lengths_test.npy']).values.buffer)]).toEqual([2])
  })

  it('adds the orders of the epochs, one row each', () => {
    const orders = [Uint32Array.of(1, 0, 2), Uint32Array.of(2, 1, 0)]
    const files = unzipSync(writeExamples({ train: part, test: part }, orders))
    const { header, values } = parts(files['order.npy'])
    expect(header).toContain("'descr': '<i4', 'fortran_order': False, 'shape': (2, 3)")
    expect([...new Int32Array(values.buffer)]).toEqual([1, 0, 2, 2, 1, 0])
  })
})
