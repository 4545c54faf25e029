import { gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { digits, setDigitsSource } from './digits'
import { unpackDigits } from './packedDigits'

const count = 20

/** Digit k: label k mod 10, its first pixel k, its last pixel 255. */
function packedFile(): Uint8Array {
  const bytes = new Uint8Array(8 + count * 785)
  bytes.set([0x54, 0x44, 0x49, 0x47, count])
  for (let digit = 0; digit < count; digit++) {
    bytes[8 + digit] = digit % 10
    bytes[8 + count + digit * 784] = digit
    bytes[8 + count + digit * 784 + 783] = 255
  }
  return bytes
}

describe('unpackDigits', () => {
  it('reads the file compressed and as a server may hand it on', () => {
    const digitsOfFile = unpackDigits(gzipSync(packedFile()))
    expect(digitsOfFile.count).toBe(count)
    expect(digitsOfFile.labels[13]).toBe(3)
    expect(digitsOfFile.pixels[13 * 784]).toBe(13)
    expect(unpackDigits(packedFile()).labels).toEqual(digitsOfFile.labels)
  })

  it('rejects truncated and foreign files', () => {
    expect(() => unpackDigits(gzipSync(packedFile()).subarray(0, 40))).toThrow(
      'digits: expected a complete file, got 40 bytes that cannot be unpacked. Load it again.',
    )
    expect(() => unpackDigits(packedFile().subarray(0, 900))).toThrow(
      'digits: expected a file of packed digits, got 900 other bytes. Build the site again.',
    )
    expect(() => unpackDigits(new TextEncoder().encode('<html>'))).toThrow('got 6 other bytes')
  })
})

describe('digits', () => {
  it('says when nobody gave a source, and tries a failed load again', async () => {
    await expect(digits()).rejects.toThrow(
      'digits: expected a source of digits, got none. Run the program in a lane.',
    )
    let loads = 0
    setDigitsSource(() =>
      loads++ === 0 ? Promise.reject(new Error('offline')) : Promise.resolve(packedFile()),
    )
    await expect(digits()).rejects.toThrow('offline')
    await digits({ samples: count })
    await digits({ samples: count })
    expect(loads).toBe(2)
  })

  it('shares its arrays between programs that ask for the same digits', async () => {
    setDigitsSource(() => Promise.resolve(packedFile()))
    const first = await digits({ samples: count, seed: 1 })
    expect(await digits({ seed: 1, samples: count })).toBe(first)
    expect(await digits({ samples: count, seed: 2 })).not.toBe(first)
  })

  it('gives images and labels that belong together, split by the seed', async () => {
    setDigitsSource(() => Promise.resolve(packedFile()))
    const { train, test } = await digits({ samples: count, trainFraction: 0.8, seed: 3 })
    expect(train.x.shape).toEqual([16, 28, 28, 1])
    expect(test.x.shape).toEqual([4, 28, 28, 1])
    expect(train.y).toMatchObject({ shape: [16], dtype: 'int32' })
    const seen = [train, test].flatMap(({ x, y }) =>
      Array.from(y.values, (label, row) => {
        const digit = Math.round((x.values[row * 784] ?? 0) * 255)
        expect(digit % 10).toBe(label)
        expect(x.values[row * 784 + 783]).toBe(1)
        return digit
      }),
    )
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, digit) => digit))
    expect(await digits({ samples: count, seed: 3 })).toEqual({ train, test })
    expect((await digits({ samples: count, seed: 4 })).test.y).not.toEqual(test.y)
  })

  it('lays images and labels out as asked', async () => {
    setDigitsSource(() => Promise.resolve(packedFile()))
    const { train } = await digits({ samples: 10, trainFraction: 0.5, labels: 'oneHot', channelsFirst: true })
    expect(train.x.shape).toEqual([5, 1, 28, 28])
    expect(train.y.shape).toEqual([5, 10])
  })

  it('rejects options that do not fit', async () => {
    setDigitsSource(() => Promise.resolve(packedFile()))
    await expect(digits()).rejects.toThrow('digits: expected samples from 2 to 20, got 10000.')
    await expect(digits({ samples: count, trainFraction: 0 })).rejects.toThrow(
      'digits: expected a trainFraction between 0 and 1, got 0. Pass trainFraction: 0.8.',
    )
    await expect(digits({ samples: count, labels: 'binary' })).rejects.toThrow(
      "digits: expected labels 'index' or 'oneHot' for 10 classes, got 'binary'.",
    )
  })
})
