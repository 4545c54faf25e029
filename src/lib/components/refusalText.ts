/** What a lane was asked for and could not do, in words. */
import { backendLabels } from '$lib/state/backendLabels'
import type { LaneSwitch } from '$lib/state/runView.svelte'

/** Ends the sentence `This lane cannot run …`. */
export function refusedText({ execution, backend, stepsPerExecution }: LaneSwitch): string {
  if (execution !== undefined) return execution
  if (backend === 'auto') return 'on the backend that auto chose'
  if (backend !== undefined) return `on ${backendLabels[backend]}`
  if (stepsPerExecution !== undefined) return `${String(stepsPerExecution)} steps per call`
  return 'the changed model'
}
