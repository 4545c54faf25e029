import { expect, it, vi } from 'vitest'
import { limits } from '../core/util/laneLimits'
import { MemoryWatch, type MeasuredMemory } from './memoryWatch'

/** Answers with what each worker holds. */
function watchWith(...answers: readonly Readonly<Record<string, number>>[]) {
  const left = [...answers]
  const measure = vi.fn((): Promise<MeasuredMemory> => {
    const [answer] = left.splice(0, 1)
    if (!answer) return Promise.reject(new Error('no more'))
    const breakdown = Object.entries(answer).map(([url, bytes]) => ({ bytes, attribution: [{ url }] }))
    return Promise.resolve({ breakdown: [...breakdown, { bytes: 1e12, attribution: [] }] })
  })
  return { measure, watch: new MemoryWatch(measure, () => Promise.resolve()) }
}

it('tells of a worker that holds too much, once, and leaves the others', async () => {
  const { measure, watch } = watchWith(
    { a: 5 },
    { a: 5, b: 2 * 2 ** 30 },
    { a: limits.memory, b: 2 * 2 ** 30 },
  )
  const [ofA, ofB] = [vi.fn(), vi.fn()]
  watch.watch('a', ofA)
  watch.watch('b', ofB)
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(4))
  expect(ofA).not.toHaveBeenCalled()
  expect(ofB.mock.calls).toEqual([
    ['memory: expected a lane of at most 1536.0 MB, got 2048.0 MB. Keep less of earlier steps.'],
  ])
})

it('asks only while somebody is watched, and begins again', async () => {
  const { measure, watch } = watchWith({ a: 5 }, { a: 2 * 2 ** 30 })
  const onTooMuch = vi.fn()
  watch.watch('a', onTooMuch)()
  await vi.waitFor(() => expect(measure).toHaveBeenCalledTimes(1))
  await Promise.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  expect(measure).toHaveBeenCalledTimes(1)
  watch.watch('a', onTooMuch)
  await vi.waitFor(() => expect(onTooMuch).toHaveBeenCalledTimes(1))
})

it('does nothing where the browser does not tell', () => {
  expect(() => new MemoryWatch(null).watch('a', () => undefined)()).not.toThrow()
})
