/** What a model is asked about while it trains: points all over the plane, or test digits. */
import { outputActivation } from '$lib/core/codegen'
import { extent } from '$lib/core/spec/datasets'
import type { Spec, Style } from '$lib/core/spec/schema'
import type { Probe } from '$lib/workers/protocol'

const gridResolution = 40
const probedDigits = 48

/** The probe for a model of that spec; a style says where images have their channels and what models give out. */
export function probeFor(spec: Spec, style: Style): Probe {
  const activation = outputActivation(spec, style)
  if (spec.data.kind !== 'digits') return { kind: 'grid', extent, resolution: gridResolution, activation }
  const { samples, trainFraction } = spec.data
  const channelsFirst = style === 'torch'
  return {
    kind: 'digits',
    count: probedDigits,
    seed: spec.seed,
    samples,
    trainFraction,
    channelsFirst,
    activation,
  }
}
