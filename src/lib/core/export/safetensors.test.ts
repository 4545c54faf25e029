import { describe, expect, it } from 'vitest'
import { FormatError } from '../util/errors'
import { randomStream } from '../util/random'
import { float32Values, readSafetensors, writeSafetensors } from './safetensors'

const tensors = [
  { name: '0.weight', shape: [2, 3], values: Float32Array.of(1, -2, 0.5, NaN, 1e-40, 3.4e38) },
  { name: '0.bias', shape: [1], values: Float32Array.of(0.1) },
  { name: 'none', shape: [0, 4], values: new Float32Array() },
  { name: 'scalar', shape: [], values: Float32Array.of(7) },
]

/** A file with that header and so many bytes of values. */
function file(header: unknown, dataBytes = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + json.length + dataBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  return bytes
}

function entry(dtype: string, shape: number[], start: number, end: number) {
  return { dtype, shape, data_offsets: [start, end] }
}

describe('writeSafetensors', () => {
  it('gives back the same bits', () => {
    const read = readSafetensors(writeSafetensors(tensors, { format: 'pt' }))
    const values = read.map((tensor) => {
      return { name: tensor.name, shape: tensor.shape, values: float32Values(tensor) }
    })
    expect(values).toEqual(tensors)
  })

  it('lays out length, padded header and values', () => {
    const bytes = writeSafetensors([{ name: 'w', shape: [2], values: Float32Array.of(1, 2) }])
    const view = new DataView(bytes.buffer)
    const length = Number(view.getBigUint64(0, true))
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + length))
    expect(length % 8).toBe(0)
    expect(header.trimEnd()).toBe('{"__metadata__":{},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}')
    expect(header.slice(header.trimEnd().length)).toMatch(/^ *$/)
    expect([view.getFloat32(8 + length, true), view.getFloat32(12 + length, true)]).toEqual([1, 2])
    expect(bytes.length).toBe(16 + length)
  })
})

describe('readSafetensors', () => {
  it('rounds float64 and keeps other types as bytes', () => {
    const bytes = file({ a: entry('F64', [1], 0, 8), n: entry('I64', [], 8, 16) }, 16)
    new DataView(bytes.buffer).setFloat64(bytes.length - 16, 0.1, true)
    const [a, n] = readSafetensors(bytes)
    expect(a && float32Values(a)).toEqual(Float32Array.of(0.1))
    expect(() => n && float32Values(n)).toThrow(
      "safetensors: tensor 'n': expected F32 or F64, got I64. Save it as float32.",
    )
  })

  it.each([
    [Uint8Array.of(1, 2), 'got 2 bytes. Choose a safetensors file.'],
    [file('{}').subarray(0, 9), 'got a header of 2 bytes in a file of 9.'],
    [file('PK..'), 'got a header that is not JSON.'],
    [file([]), 'got a header that is no object.'],
    [file({ w: 3 }), "tensor 'w': expected dtype, shape and two data_offsets, got 3."],
    [file({ w: entry('F32', [-1], 0, 4) }, 4), "tensor 'w': expected dtype, shape and two data_offsets"],
    [
      file({ w: entry('F32', [2], 0, 8) }, 4),
      "tensor 'w': expected data_offsets within 4 bytes of values, got [0, 8].",
    ],
    [file({ w: entry('F32', [3], 0, 8) }, 8), "tensor 'w': expected 12 bytes for F32 [3], got 8."],
    [
      file({ a: entry('F32', [2], 0, 8), b: entry('F32', [2], 4, 12) }, 12),
      "tensor 'b': expected values from byte 8, got from byte 4.",
    ],
    [
      file({ a: entry('F32', [1], 0, 4), b: entry('F32', [1], 8, 12) }, 12),
      "tensor 'b': expected values from byte 4, got from byte 8.",
    ],
    [file({ a: entry('F32', [1], 0, 4) }, 8), 'got 4 bytes behind the values of the last tensor.'],
    [file({ w: entry('F32', [1], 0.5, 4.5) }, 5), "tensor 'w': expected dtype, shape and two data_offsets"],
    [file({ w: entry('F32', [1], -4, 0) }, 4), "tensor 'w': expected dtype, shape and two data_offsets"],
    [
      file({ w: entry('F32', [1], 4, 0) }, 4),
      "tensor 'w': expected data_offsets within 4 bytes of values, got [4, 0].",
    ],
    [file({ w: entry('Q4', [1], 0, 4) }, 4), 'F64, got "Q4". The file is damaged; write it again.'],
    [file({ w: entry('constructor', [1], 0, 4) }, 4), 'F64, got "constructor".'],
    [
      file({ w: entry('F32', [2 ** 31, 2 ** 31, 2], 0, 4) }, 4),
      "tensor 'w': expected 36893488147419103000 bytes for F32",
    ],
    [
      file({ w: entry('F32', Array<number>(65).fill(1), 0, 4) }, 4),
      "tensor 'w': expected at most 64 axes, got 65.",
    ],
    [
      file({ w: entry('F32', Array<number>(64).fill(2 ** 53 - 1), 0, 4) }, 4),
      "tensor 'w': expected Infinity bytes",
    ],
    [file('{"w":{},"\\u0077":{}}'), "tensor 'w': expected it once in the header, got it twice."],
    [file({ __metadata__: { a: 1 } }), 'got __metadata__ that is not an object of texts ({"a":1}).'],
    [file({ __metadata__: 'pt' }), 'got __metadata__ that is not an object of texts ("pt").'],
    [
      file(`{"w":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      "tensor 'w': expected dtype, shape and two data_offsets, got [[[[…]]]].",
    ],
    [file('['.repeat(100_000)), 'got a header that is not JSON.'],
    [
      file({ [`\u001b${'x'.repeat(100_000)}`]: 3 }),
      `tensor '\\u001B${'x'.repeat(55)}… 97.6 KB more': expected dtype`,
    ],
    [file('{}', 9_000_000), 'got 9000000 bytes behind the values of the last tensor.'],
    [file(' '.repeat(9_000_000)), 'got a header of 9000000 bytes, where at most 8388608 are read.'],
  ])('refuses a damaged file', (bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message)
  })

  it('reads names that every object inherits as names', () => {
    const names = ['__proto__', 'constructor', 'toString']
    const tensors = names.map((name, index) => ({ name, shape: [1], values: Float32Array.of(index) }))
    const read = readSafetensors(writeSafetensors(tensors))
    expect(read.map(({ name }) => name)).toEqual(names)
    expect(read.map((tensor) => float32Values(tensor)[0])).toEqual([0, 1, 2])
  })

  it('throws nothing but a FormatError, whatever bytes it is given', () => {
    const whole = file({ a: entry('F32', [2], 0, 8), b: entry('I64', [1], 8, 16) }, 16)
    const random = randomStream(3, 'safetensors')
    for (let round = 0; round < 3000; round++) {
      const bytes = whole.slice(0, round % 2 ? whole.length : Math.floor(random() * whole.length))
      for (let change = 0; change < 1 + random() * 4; change++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      }
      try {
        readSafetensors(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }
    expect(() => readSafetensors(whole)).not.toThrow()
  })
})
