/** Sentences about a lane's backend: what was chosen, what `auto` measured, why one is missing. */
import { backendLabels } from '$lib/state/backendLabels'
import type { BackendMeasurement, BackendName } from '$lib/workers/protocol'
import { formatCount, formatMs } from '$lib/core/util/figures'

interface BackendFacts {
  readonly choice: BackendName | 'auto'
  /** The one in use; null before the first run. */
  readonly resolved: BackendName | null
  readonly measurements: readonly BackendMeasurement[]
}

/** One line for the lane's header: `auto: webgl, 1.20 ms/step (wasm 1.40 ms, webgpu unavailable: …)`. */
export function describeBackend({ choice, resolved, measurements }: BackendFacts): string {
  if (choice !== 'auto') {
    return resolved === null || resolved === choice
      ? `${choice}: chosen by you`
      : `${resolved}, instead of ${choice}`
  }
  if (resolved === null) return 'auto: measures each backend when a run starts'
  if (measurements.length === 0) return `auto: ${resolved}`
  // The program's own error stands at its line: a list of backends would blame them.
  const isMeasured = measurements.some(({ microsecondsPerStep }) => microsecondsPerStep !== undefined)
  if (!isMeasured) return `auto: ${resolved}, unmeasured because the program failed on every backend`
  const own = measurements.find((measurement) => measurement.backend === resolved)
  const others = measurements
    .filter((measurement) => measurement.backend !== resolved)
    // Speeds first: the line may be cut off where reasons get long.
    .toSorted((a, b) => speedOf(a) - speedOf(b))
    .map(describeMeasurement)
  const speed =
    own?.microsecondsPerStep === undefined ? '' : `, ${formatMs(own.microsecondsPerStep / 1000)}/step`
  return `auto: ${resolved}${speed}${others.length === 0 ? '' : ` (${others.join(', ')})`}`
}

/** Missing backends are the slowest of all. */
const speedOf = (measurement: BackendMeasurement): number =>
  measurement.microsecondsPerStep ?? Number.MAX_VALUE

/** What was found on one backend: `wasm 1.40 ms` or `webgpu unavailable: no adapter`. */
export function describeMeasurement({
  backend,
  microsecondsPerStep,
  unavailable,
}: BackendMeasurement): string {
  if (microsecondsPerStep !== undefined) return `${backend} ${formatMs(microsecondsPerStep / 1000)}`
  return `${backend} unavailable${unavailable === undefined ? '' : `: ${unavailable}`}`
}

interface StepsFacts {
  /** `stepsPerExecution`. */
  readonly asked: number
  readonly backend: BackendName | null
  /** Steps that one call took on average; undefined before the first. */
  readonly taken: number | undefined
}

/** How many steps one call of the runtime takes, and why not more: `7.8 of 100 steps a call: …`; empty for one. */
export function describeSteps({ asked, backend, taken }: StepsFacts): string {
  if (asked === 1 || backend === null) return ''
  if (backend !== 'wasm') return `One step a call: ${backendLabels[backend]} cannot take several.`
  if (taken === undefined || taken === 0) return `Up to ${String(asked)} steps a call.`
  if (Math.round(taken) >= asked) return `${String(asked)} steps a call.`
  return (
    `${formatCount(taken)} of ${String(asked)} steps a call: a partial batch, the end of an epoch and a pause ` +
    'end a block.'
  )
}
