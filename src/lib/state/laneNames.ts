/** What the page calls the styles, and a lane's run. */
import type { LaneSettings, Style } from '$lib/core/spec/schema'
import { backendLabels } from './backendLabels'
import type { RunView } from './runView.svelte'

/** The name of each style. */
export const styleNames: Readonly<Record<Style, string>> = { keras: 'Keras-style', torch: 'PyTorch-style' }

/** The styles as choices. */
export const styleChoices = [
  { value: 'keras', label: styleNames.keras },
  { value: 'torch', label: styleNames.torch },
] as const

/** Style, execution and backend: of the run if there is one, or else of the next one. */
export function describeLane({ style, execution, backend }: LaneSettings, run: RunView): string {
  const chosen = backend === 'auto' ? null : backend
  const name = run.backend ?? chosen
  return [styleNames[style], run.execution ?? execution, ...(name ? [backendLabels[name]] : [])].join(' · ')
}
