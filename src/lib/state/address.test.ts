import { defaultExperiment } from '$lib/core/spec/defaults'
import { encodeHash } from '$lib/core/spec/hash'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Address } from './address'
import { ExperimentState } from './experiment.svelte'

/** A link to the default experiment with so many epochs. */
function link(epochs: number): string {
  const base = defaultExperiment()
  const { spec } = base
  return `#${encodeHash({ ...base, spec: { ...spec, training: { ...spec.training, epochs } } })}`
}

function opened(hash: string) {
  const experiment = new ExperimentState()
  return { experiment, address: new Address(experiment, hash), epochs: () => experiment.spec.training.epochs }
}

const edit = (experiment: ExperimentState, epochs: number) => {
  experiment.update((spec) => ({ ...spec, training: { ...spec.training, epochs } }))
}

function storage(): Storage {
  const entries = new Map<string, string>()
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    key: (index) => [...entries.keys()][index] ?? null,
    clear: () => {
      entries.clear()
    },
    get length() {
      return entries.size
    },
  }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('Address', () => {
  it('opens its link and stays as it is until something changes', () => {
    const { experiment, address, epochs } = opened(link(7))
    expect(epochs()).toBe(7)
    expect(address.isBehind).toBe(false)
    edit(experiment, 8)
    expect(address.isBehind).toBe(true)
    address.write(experiment.fragment)
    expect(address.isBehind).toBe(false)
  })

  it('comes back to the experiment as it was left', () => {
    const { experiment, address, epochs } = opened(link(7))
    edit(experiment, 8)
    address.returnTo(link(7))
    expect(epochs()).toBe(8)
    expect(address.isBehind).toBe(true)
    address.write(experiment.fragment)
    address.returnTo(`#${experiment.fragment}`)
    address.returnTo('')
    expect(epochs()).toBe(8)
  })

  it('comes back to another experiment where the address has another one', () => {
    const { address, epochs } = opened(link(7))
    address.returnTo(link(9))
    expect(epochs()).toBe(9)
    expect(address.isBehind).toBe(false)
  })

  it('opens a link again that is followed again', () => {
    const { experiment, address } = opened('#preset=spiral')
    expect(experiment.lesson?.preset).toBe('spiral')
    experiment.closeLesson()
    address.returnTo('#preset=spiral')
    expect(experiment.lesson).toBeNull()
    address.open('#preset=spiral')
    expect(experiment.lesson?.preset).toBe('spiral')
  })

  it('has what was changed just before the page was reloaded', () => {
    vi.stubGlobal('sessionStorage', storage())
    const first = opened(link(7))
    first.address.keepUnwritten()
    expect(sessionStorage.length).toBe(0)
    edit(first.experiment, 8)
    first.address.keepUnwritten()
    const reloaded = opened(link(7))
    expect(reloaded.epochs()).toBe(8)
    expect(reloaded.address.isBehind).toBe(true)
    expect(opened(link(7)).epochs()).toBe(7)
  })

  it('opens another link as it is, whatever the tab was left with', () => {
    vi.stubGlobal('sessionStorage', storage())
    const first = opened(link(7))
    edit(first.experiment, 8)
    first.address.keepUnwritten()
    expect(opened(link(9)).epochs()).toBe(9)
    for (const wrong of ['{', '[]', '["#a"]', JSON.stringify([link(9), 1])]) {
      sessionStorage.setItem('tandem.unwritten', wrong)
      expect(opened(link(9)).epochs()).toBe(9)
    }
  })
})
