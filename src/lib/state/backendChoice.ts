/** What `auto` means: measured once per model, batch size and style, and shared by aligned lanes. */
import { generateProgram } from '$lib/core/codegen'
import { backendChoices } from '$lib/core/spec/schema'
import type { BackendMeasurement, BackendName } from '$lib/workers/protocol'
import type { ExperimentState } from './experiment.svelte'
import type { Lane } from './lane.svelte'

const backendNames: readonly BackendName[] = backendChoices.filter((choice) => choice !== 'auto')

export class BackendChoice {
  readonly #measured = new Map<string, readonly BackendMeasurement[]>()

  /** Measurements for the lane's program, on a throwaway copy in its worker; from memory where they exist. */
  async measure(
    { spec, lanes }: ExperimentState,
    index: 0 | 1,
    lane: Lane,
  ): Promise<readonly BackendMeasurement[]> {
    const sharedIndex = spec.alignment === 'aligned' && lanes[index].program === undefined ? 0 : index
    const { style, program } = lanes[sharedIndex]
    const text = program ?? generateProgram(spec, style, { lane: 'A' })
    const { data, model, loss, optimizer, training } = spec
    const key = JSON.stringify([data, model, loss, optimizer.type, training.batchSize, style, program ?? ''])
    const known = this.#measured.get(key)
    if (known) return known
    const measurements = await lane.measure(text, backendNames)
    if (measurements.length > 0) this.#measured.set(key, measurements)
    return measurements
  }

  fastest(measurements: readonly BackendMeasurement[]): BackendName | null {
    const speed = ({ microsecondsPerStep = Infinity }: BackendMeasurement) => microsecondsPerStep
    const best = measurements.toSorted((a, b) => speed(a) - speed(b))[0]
    return best && Number.isFinite(speed(best)) ? best.backend : null
  }

  /** Where a lane goes when its backend is missing or lost, in this order. */
  fallbacks(backend: BackendName, measurements: readonly BackendMeasurement[]): readonly BackendName[] {
    const unusable = measurements.filter(({ unavailable }) => unavailable !== undefined)
    const excluded = new Set([backend, ...unusable.map((measurement) => measurement.backend)])
    return backendNames.filter((name) => !excluded.has(name))
  }
}
