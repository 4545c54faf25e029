/** An edited program decides how its lane runs: the lane's settings are what its text says. */
import { executionOf, type ExecutionOfText } from '$lib/core/codegen'
import type { LaneSettings } from '$lib/core/spec/schema'
import { backendsOf } from './backendChoice'

const lastRead: { text: string; said: ExecutionOfText | null }[] = []
/** Two lanes, and what their runs have. */
const mostKept = 4

/** What a text says; null for one that says nothing. */
export function readText(text: string): ExecutionOfText | null {
  const known = lastRead.find((each) => each.text === text)
  if (known) return known.said
  const said = executionOf(text)
  lastRead.unshift({ text, said })
  lastRead.length = Math.min(lastRead.length, mostKept)
  return said
}

/** The settings with what the lane's edited program says; those of a generated one decide themselves. */
export function followText(settings: LaneSettings): LaneSettings {
  const said = settings.program === undefined ? null : readText(settings.program)
  if (!said) return settings
  const { style } = said
  const execution = said.execution ?? settings.execution
  const stepsPerExecution = said.stepsPerExecution ?? settings.stepsPerExecution
  const { backend } = settings
  const fits = backend === 'auto' || backendsOf[execution].includes(backend)
  return { ...settings, style, execution, stepsPerExecution, backend: fits ? backend : 'auto' }
}
