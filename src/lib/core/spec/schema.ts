/** The schema of a spec and of an experiment, version 1. What entries mean together is checked in `checks.ts`. */
import * as v from 'valibot'
import { dataSchemas, type DataSpec } from '../catalogue/data'
import { maxSamples } from '../catalogue/data/sizes'
import { layerSchemas, type LayerSpec, type LayerType } from '../catalogue/layers'
import { styles } from '../catalogue/dialect'
import { lossNames } from '../catalogue/losses'
import { optimizerSchemas, type OptimizerSpec, type OptimizerType } from '../catalogue/optimizers'
import { printValue } from '../util/printValue'
import { flag, integer, list, object, oneOf, text, variant } from '../catalogue/fields'
import { program } from './programText'

export { activations, type Activation } from '../catalogue/activations'
export { styles, type Style } from '../catalogue/dialect'
export { lossNames, type LossName } from '../catalogue/losses'

/** Version written into specs, experiments and links. */
export const specVersion = 1

/** When operations run: as the code does, or traced, compiled and replayed. */
export const executions = ['eager', 'static'] as const
/** The backends that can be chosen for a lane. */
export const backendChoices = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu'] as const

/** A dataset's kind and controls; the seed is the spec's own. */
export const dataSchema = variant('kind', dataSchemas)

const version = v.literal(specVersion, (issue) =>
  typeof issue.input === 'number' && issue.input > specVersion
    ? `expected version ${specVersion}, got ${issue.input}. Open it with a newer Tandem.`
    : `expected version ${specVersion}, got ${printValue(issue.input)}. ` + `Set version to ${specVersion}.`,
)

/** The schema of a spec. */
export const specSchema = object({
  version,
  name: v.optional(text(100), ''),
  seed: v.optional(integer(0, 0xffffffff), 42),
  data: dataSchema,
  model: object({ layers: list(variant('type', layerSchemas), 1, 20) }),
  loss: oneOf(lossNames),
  optimizer: variant('type', optimizerSchemas),
  training: object({
    batchSize: v.optional(integer(1, maxSamples), 32),
    epochs: v.optional(integer(1, 100_000), 50),
    shuffle: v.optional(flag(), true),
  }),
  alignment: v.optional(oneOf(['aligned', 'native']), 'aligned'),
})

/** The schema of a lane's settings. */
export const laneSettingsSchema = object({
  style: oneOf(styles),
  execution: v.optional(oneOf(executions), 'eager'),
  backend: v.optional(oneOf(backendChoices), 'auto'),
  /** Steps that one call of the runtime takes together; for static execution on wasm. */
  stepsPerExecution: v.optional(integer(1, 1000), 1),
  /** Edited program text; generated from the spec where not given. */
  program: v.optional(program()),
})

/** The schema of an experiment: a spec and both lanes. */
export const experimentSchema = object({
  version,
  spec: specSchema,
  lanes: v.pipe(
    v.strictTuple(
      [laneSettingsSchema, laneSettingsSchema],
      'expected two lanes, got another number. Give two.',
    ),
    v.readonly(),
  ),
  schedule: v.optional(oneOf(['race', 'turns']), 'race'),
  /** Folder of `models/` that the spec came from, while unchanged. */
  preset: v.optional(text(100)),
})

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T

/** One experiment's data, model, loss, optimizer and training. Lane settings are separate. */
export type Spec = DeepReadonly<v.InferOutput<typeof specSchema>>
export type { DataSpec }
export type { LayerSpec, LayerType }
/** A recurrent layer of a spec. */
export type RecurrentSpec = Extract<LayerSpec, { returnSequences: boolean }>
export type { OptimizerSpec, OptimizerType }
/** When operations run. */
export type Execution = (typeof executions)[number]
/** The settings of a lane. */
export type LaneSettings = DeepReadonly<v.InferOutput<typeof laneSettingsSchema>>
/** Whether the lanes train at once or in turns. */
export type Schedule = 'race' | 'turns'

/** A spec with the two lanes that run it: what a link or a file holds. */
export interface Experiment {
  readonly version: typeof specVersion
  readonly spec: Spec
  readonly lanes: readonly [LaneSettings, LaneSettings]
  readonly schedule: Schedule
  readonly preset?: string | undefined
}
