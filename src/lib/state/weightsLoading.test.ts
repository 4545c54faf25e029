import type { LoadedWeights } from '$lib/workers/protocol'
import { describe, expect, it, vi } from 'vitest'
import { WeightsLoading, type LoadingRuns } from './weightsLoading.svelte'

const loaded: LoadedWeights = { step: 0, tensors: 2, note: null, when: 'initially' }
const file = new File(['content'], 'net.safetensors')

/** Two lanes of which both answer with `answers`, in turn. */
function runsOf(answers: readonly (LoadedWeights | Error)[], lane: Partial<LoadingRuns['lanes'][0]> = {}) {
  const waiting = [...answers]
  const load = vi.fn(() => {
    const answer = waiting.shift()
    return answer instanceof Error || answer === undefined
      ? Promise.reject(answer ?? new Error('asked too often'))
      : Promise.resolve(answer)
  })
  const laneOf = (id: 'A' | 'B') =>
    ({
      id,
      run: { step: 0 },
      isActive: true,
      limit: { kind: 'steps', count: 0 },
      error: null,
      questions: { loadWeights: load },
      ...lane,
    }) as const
  const runs = {
    lanes: [laneOf('A'), laneOf('B')],
    experiment: { inform: vi.fn(), warn: vi.fn() },
    meter: { isAligned: true, interrupt: vi.fn() },
    prepareRun: vi.fn(() => Promise.resolve()),
  } as const
  return { runs, load }
}

describe('WeightsLoading', () => {
  it('gives a lane the file, and says from where it counts and what to press', async () => {
    const { runs, load } = runsOf([loaded])
    const loading = new WeightsLoading(runs, 0)
    const done = loading.load(file)
    expect(loading.progress).toBe('Reading net.safetensors')
    await done
    expect(loading.progress).toBeNull()
    expect(load).toHaveBeenCalledExactlyOnceWith({
      name: 'net.safetensors',
      bytes: new TextEncoder().encode('content'),
    })
    expect(runs.experiment.inform).toHaveBeenCalledExactlyOnceWith(
      'Lane A has other weights',
      'net.safetensors: 2 tensors since step 0. Press Resume to train from here.',
    )
    // Lane B starts from what lane A has.
    expect(runs.meter.interrupt).not.toHaveBeenCalled()
  })

  it('tells the meter where the lanes no longer have the same weights', async () => {
    for (const [index, answer] of [
      [1, loaded],
      [0, { ...loaded, step: 1200, when: 'later', note: 'A note.' }],
    ] as const) {
      const { runs } = runsOf([answer])
      await new WeightsLoading(runs, index).load(file)
      expect(runs.meter.interrupt).toHaveBeenCalledExactlyOnceWith(
        `Lane ${index === 0 ? 'A' : 'B'} has the weights of a file since step ${index === 0 ? '1,200' : '0'}, so the lanes no longer have the same.`,
      )
      if (index === 1) continue
      expect(runs.experiment.inform).toHaveBeenCalledExactlyOnceWith(
        'Lane A has other weights',
        'net.safetensors: 2 tensors since step 1,200. A note. The optimizer keeps its state. Press Resume to train from here.',
      )
    }
  })

  it('gives up what a run showed only for a file that fits', async () => {
    const ended = { run: { step: 8 }, isActive: false } as const
    const good = runsOf([{ ...loaded, when: 'never' }, loaded], ended)
    await new WeightsLoading(good.runs, 0).load(file)
    expect(good.load).toHaveBeenCalledTimes(2)
    expect(good.runs.prepareRun).toHaveBeenCalledTimes(1)
    const bad = runsOf([new Error('net.safetensors: expected [2], got [3].')], ended)
    await new WeightsLoading(bad.runs, 0).load(file)
    expect(bad.runs.prepareRun).not.toHaveBeenCalled()
    expect(bad.runs.experiment.warn).toHaveBeenCalledExactlyOnceWith(
      'These weights cannot be loaded',
      'net.safetensors: expected [2], got [3]. Lane A keeps its own.',
    )
  })

  it('says why a lane could not start, and refuses what no model here takes', async () => {
    const failed = runsOf([], { error: { name: 'BackendError', message: 'No backend.' } })
    await new WeightsLoading(failed.runs, 1).load(file)
    expect(failed.runs.experiment.warn).toHaveBeenCalledExactlyOnceWith(
      'These weights cannot be loaded',
      'No backend. Lane B keeps its own.',
    )
    const { runs } = runsOf([])
    const large = new File([], 'large.safetensors')
    Object.defineProperty(large, 'size', { value: 300 * 1024 * 1024 })
    await new WeightsLoading(runs, 0).load(large)
    expect(runs.experiment.warn).toHaveBeenCalledExactlyOnceWith(
      'These weights cannot be loaded',
      'large.safetensors: expected a file of at most 256 MB, got 300 MB. Choose the weights of a smaller model. Lane A keeps its own.',
    )
  })
})
