/** The packed file of digits as the build makes it from the npm package. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { digits, setDigitsSource } from '../src/lib/core/data/digits'
import { unpackDigits } from '../src/lib/core/data/packedDigits'

const path = 'static/data/digits.bin'

describe('static/data/digits.bin', () => {
  beforeAll(() => void execFileSync('node', ['scripts/packDigits.mjs']))

  it('holds 10,000 digits of all classes in at most 3 MB', () => {
    const file = readFileSync(path)
    const { count, labels } = unpackDigits(file)
    expect(file.length).toBeLessThan(3 * 1024 * 1024)
    expect(count).toBe(10_000)
    for (let label = 0; label < 10; label++) {
      expect(labels.filter((other) => other === label).length).toBeGreaterThan(800)
    }
  })

  it('splits into 8,000 for training and 2,000 for testing', async () => {
    setDigitsSource(() => Promise.resolve(readFileSync(path)))
    const { train, test } = await digits({ seed: 42 })
    expect([train.x.shape, test.x.shape]).toEqual([
      [8000, 28, 28, 1],
      [2000, 28, 28, 1],
    ])
    const mean =
      Float32Array.from(train.x.values).reduce((sum, value) => sum + value, 0) / train.x.values.length
    // MNIST's mean pixel is 0.1307.
    expect(mean).toBeCloseTo(0.13, 1.5)
  })
})
