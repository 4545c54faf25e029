/** What is run for a spec and the arguments: its length, its leader, its program. */
import { generateProgram } from '../../lib/core/codegen/generateProgram'
import { layerFacts } from '../../lib/core/catalogue/layers'
import { batchesPerEpoch } from '../../lib/core/data/generateSequences'
import type { ModelWeights } from '../../lib/core/nn/weights'
import { nowhere } from '../../lib/core/program/runPacing'
import type { RunLimit } from '../../lib/core/program/types'
import type { Spec, Style } from '../../lib/core/spec/schema'
import type { LabBackend, Length, TrainArguments } from './arguments'
import { UsageError } from './commandLine'
import { startHeadless } from './headlessRun'
import {
  prefixNote,
  readWeights,
  type BothLayouts,
  type WeightsFile,
} from '../../lib/core/export/readWeights'

/** A spec with as many epochs as are needed, and where the run ends. */
export interface Plan {
  readonly spec: Spec
  /** Updates until the end. */
  readonly steps: number
  /** In the middle of an epoch; an epoch that is run to its end gets its validation. */
  readonly limit: RunLimit
}

/** `examples` are those that train. */
export function planRun(spec: Spec, length: Length, examples: number): Plan {
  const stepsPerEpoch = batchesPerEpoch(spec, examples)
  const withEpochs = (epochs: number) => ({ ...spec, training: { ...spec.training, epochs } })
  if (length.kind === 'steps') {
    const { count } = length
    const isWhole = count % stepsPerEpoch === 0
    return {
      spec: withEpochs(Math.ceil(count / stepsPerEpoch)),
      steps: count,
      limit: isWhole ? { kind: 'none' } : { kind: 'steps', count },
    }
  }
  const epochs = length.kind === 'epochs' ? length.count : spec.training.epochs
  return { spec: withEpochs(epochs), steps: epochs * stepsPerEpoch, limit: { kind: 'none' } }
}

/** The given backend, or the usual one. Throws UsageError for one that cannot train this model. */
export function backendFor({ model }: Spec, { backend, execution }: TrainArguments): LabBackend {
  if (execution === 'static') return 'wasm'
  const untrainable = model.layers.find((layer) => layerFacts(layer).untrainableOn.includes('wasm'))
  if (backend === 'wasm' && untrainable) {
    throw new UsageError(
      `--backend: expected cpu for a model with ${untrainable.type} in eager execution, got wasm. Choose cpu, or add --execution static.`,
    )
  }
  return backend ?? (untrainable ? 'cpu' : 'wasm')
}

/** Whom the lane follows: it starts from these weights and takes the constants and update rules of that style. */
export interface Leader {
  readonly style: Style
  readonly weights: ModelWeights
  /** What is to be said of the file that the weights are from. */
  readonly note?: string | null
}

/**
 * An aligned lane is lane A where it is Keras-style, and otherwise lane B beside a Keras-style lane A, whose initial
 * weights are made from the seed. Weights of a file come instead of any others, and the framework whose names they have
 * then leads an aligned lane. A native lane follows itself. Null for a lane that follows nobody. Throws FormatError for
 * a file that does not fit.
 */
export async function leaderOf(spec: Spec, style: Style, init: WeightsFile | null): Promise<Leader | null> {
  const isAligned = spec.alignment === 'aligned'
  if (init !== null) {
    const weights = readWeights(init, await bothLayouts(spec))
    return { style: isAligned ? weights.layout : style, weights, note: prefixNote(weights) }
  }
  if (!isAligned || style === 'keras') return null
  return { style: 'keras', weights: await initialWeights(spec, 'keras') }
}

/** The model of a spec before its first batch. */
export async function bothLayouts(spec: Spec): Promise<BothLayouts> {
  return { keras: await initialWeights(spec, 'keras'), torch: await initialWeights(spec, 'torch') }
}

/** What a lane A of that style starts from. */
async function initialWeights(spec: Spec, style: Style): Promise<ModelWeights> {
  const { outcome } = await startHeadless({
    program: generateProgram(spec, style, { lane: 'A' }),
    execution: 'eager',
    backend: 'cpu',
    limit: nowhere,
    initialWeights: null,
  })
  const { initialWeights, error } = await outcome
  if (initialWeights) return initialWeights
  throw new Error(`internal: a generated program has no weights: ${error?.message ?? 'no reason given'}`)
}

/** The program of the lane. */
export function programText(
  spec: Spec,
  { style, execution, stepsPerExecution }: TrainArguments,
  leader: Leader | null,
): string {
  const place = leader ? ({ lane: 'B', alignedTo: leader.style } as const) : ({ lane: 'A' } as const)
  return generateProgram(spec, style, { ...place, execution, stepsPerExecution })
}
