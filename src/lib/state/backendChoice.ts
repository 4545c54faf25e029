/** What `auto` means: measured once per model, batch size and style, and shared by aligned lanes. */
import { generateProgram } from '$lib/core/codegen'
import { backendChoices, type Execution, type LaneSettings } from '$lib/core/spec/schema'
import type { BackendMeasurement, BackendName } from '$lib/workers/protocol'
import type { ExperimentState } from './experiment.svelte'
import type { Lane } from './lane.svelte'

const backendNames: readonly BackendName[] = backendChoices.filter((choice) => choice !== 'auto')

/** Where an execution can run: graphs do not run on tfjs' plain JavaScript kernels. */
export const backendsOf: { readonly [E in Execution]: readonly BackendName[] } = {
  eager: backendNames,
  static: backendNames.filter((name) => name !== 'cpu'),
}

type MeasuredExperiment = Pick<ExperimentState, 'spec' | 'lanes' | 'csvSource'>

/** What `auto` has measured, and what it chose. */
export class BackendChoice {
  readonly #measured = new Map<string, readonly BackendMeasurement[]>()

  /** The backend that lane `index` starts on; null when the choice was given up. */
  async choose(experiment: MeasuredExperiment, index: 0 | 1, lane: Lane): Promise<BackendName | null> {
    const { backend, execution } = experiment.lanes[index]
    if (backend !== 'auto') {
      lane.run.measurements = []
      return backend
    }
    const measurements = await this.#measure(experiment, index, lane)
    lane.run.measurements = measurements
    const fastest = this.#fastest(measurements)
    if (fastest || measurements.length === 0) return fastest
    // The program works nowhere: the run itself says best why, with the line.
    return execution === 'eager' ? 'cpu' : 'wasm'
  }

  /** Where a lane goes when its backend is missing or lost, in this order. */
  fallbacks(
    execution: Execution,
    backend: BackendName,
    measurements: readonly BackendMeasurement[],
  ): readonly BackendName[] {
    const unusable = measurements.filter(({ unavailable }) => unavailable !== undefined)
    const excluded = new Set([backend, ...unusable.map((measurement) => measurement.backend)])
    return backendsOf[execution].filter((name) => !excluded.has(name))
  }

  /** Measurements for the lane's program, on a throwaway copy in its worker; from memory where they exist. */
  async #measure(
    { spec, lanes, csvSource }: MeasuredExperiment,
    index: 0 | 1,
    lane: Lane,
  ): Promise<readonly BackendMeasurement[]> {
    // Aligned eager lanes share the answer; a compiled step is measured for itself.
    const isShared = spec.alignment === 'aligned' && lanes.every(isGeneratedEager)
    const { style, execution, stepsPerExecution, program } = lanes[isShared ? 0 : index]
    const text = program ?? generateProgram(spec, style, { lane: 'A', execution, stepsPerExecution })
    const { data, model, loss, optimizer, training } = spec
    const key = JSON.stringify([
      data,
      model,
      loss,
      optimizer.type,
      training.batchSize,
      style,
      execution,
      stepsPerExecution,
      program ?? '',
    ])
    const known = this.#measured.get(key)
    if (known) return known
    const measurements = await lane.measure(text, execution, backendsOf[execution], csvSource)
    if (measurements.length > 0) this.#measured.set(key, measurements)
    return measurements
  }

  #fastest(measurements: readonly BackendMeasurement[]): BackendName | null {
    const speed = ({ microsecondsPerStep = Infinity }: BackendMeasurement) => microsecondsPerStep
    const best = measurements.toSorted((a, b) => speed(a) - speed(b))[0]
    return best && Number.isFinite(speed(best)) ? best.backend : null
  }
}

function isGeneratedEager({ execution, program }: LaneSettings): boolean {
  return execution === 'eager' && program === undefined
}
