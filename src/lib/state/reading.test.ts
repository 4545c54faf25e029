import type { Classification } from '$lib/workers/protocol'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Reading } from './reading.svelte'

const answerOf = (digit: number): Classification => ({
  step: 1,
  values: Float32Array.from({ length: 10 }, (_, index) => (index === digit ? 1 : 0)),
  areProbabilities: true,
})

/** A lane whose answers are given by hand. */
function handLane() {
  const asked: { pixels: Float32Array; answer: (outcome: Classification | Error) => void }[] = []
  const classify = (pixels: Float32Array) =>
    new Promise<Classification>((resolve, reject) => {
      asked.push({
        pixels,
        answer: (outcome) => {
          if (outcome instanceof Error) reject(outcome)
          else resolve(outcome)
        },
      })
    })
  return { asked, reading: new Reading({ classify }) }
}

const image = (ink: number) => new Float32Array(784).fill(ink)

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('asks one question at a time, and the newest drawing next', async () => {
  const { asked, reading } = handLane()
  reading.ask(image(0.1))
  reading.ask(image(0.2))
  reading.ask(image(0.3))
  expect(asked).toHaveLength(1)
  asked[0]?.answer(answerOf(3))
  await vi.advanceTimersByTimeAsync(1000)
  expect(reading.best).toEqual({ digit: 3, share: 1 })
  expect(asked.map(({ pixels }) => pixels[0])).toEqual([image(0.1)[0], image(0.3)[0]])
  asked[1]?.answer(answerOf(8))
  await vi.advanceTimersByTimeAsync(1000)
  expect(reading.best?.digit).toBe(8)
  expect(asked).toHaveLength(2)
})

it('says why there is no answer, and has one again afterwards', async () => {
  const { asked, reading } = handLane()
  reading.ask(image(0.1))
  asked[0]?.answer(new Error('classify: expected ten outputs.'))
  await vi.advanceTimersByTimeAsync(1000)
  expect([reading.answer, reading.problem]).toEqual([null, 'classify: expected ten outputs.'])
  reading.ask(image(0.1))
  asked[1]?.answer(answerOf(5))
  await vi.advanceTimersByTimeAsync(1000)
  expect([reading.best?.digit, reading.problem]).toEqual([5, null])
})

it('drops an answer that comes after it was cleared', async () => {
  const { asked, reading } = handLane()
  reading.ask(image(0.1))
  reading.clear()
  asked[0]?.answer(answerOf(5))
  await vi.advanceTimersByTimeAsync(1000)
  expect(reading.answer).toBeNull()
})

it('names no digit where answers are not numbers', async () => {
  const { asked, reading } = handLane()
  reading.ask(image(0.1))
  asked[0]?.answer({ ...answerOf(1), values: new Float32Array(10).fill(NaN) })
  await vi.advanceTimersByTimeAsync(1000)
  expect(reading.best).toBeNull()
})
