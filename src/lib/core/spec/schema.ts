/** The schema of a spec and of an experiment, version 1. What entries mean together is checked in `checks.ts`. */
import * as v from 'valibot'
import { printValue } from '../util/printValue'
import { csvDataSchema } from './csvData'
import { datasets, maxSamples, type DataKind } from './datasets'
import { fewestTokens, maxSequenceLength, sequenceDefaults, type SequenceKind } from './sequences'
import { ownPoints } from './ownPoints'
import { rateScheduleSchema } from './rateSchedules'
import {
  flag,
  fractionBelowOne,
  integer,
  list,
  object,
  oneOf,
  positive,
  program,
  real,
  text,
  variant,
} from './fields'

/** Version written into specs, experiments and links. */
export const specVersion = 1

export const activations = ['linear', 'relu', 'leakyRelu', 'tanh', 'sigmoid', 'gelu', 'softmax'] as const
export const lossNames = [
  'meanSquaredError',
  'meanAbsoluteError',
  'huber',
  'binaryCrossentropy',
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
] as const
export const styles = ['keras', 'torch'] as const
export const executions = ['eager', 'static'] as const
export const backendChoices = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu'] as const

const activation = v.optional(oneOf(activations), 'linear')
const trainFraction = (kind: DataKind) => v.optional(real(0.1, 0.9), datasets[kind].defaults.trainFraction)
const samples = (kind: DataKind) => v.optional(integer(10, maxSamples), datasets[kind].defaults.samples)
const noise = (kind: DataKind) => v.optional(real(0, 1), datasets[kind].defaults.noise)

function points<const K extends DataKind>(kind: K) {
  return object({
    kind: v.literal(kind),
    samples: samples(kind),
    noise: noise(kind),
    trainFraction: trainFraction(kind),
  })
}

function sequences(kind: SequenceKind) {
  const tokens = integer(fewestTokens[kind], maxSequenceLength)
  return {
    samples: samples(kind),
    /** Tokens of the shortest and of the longest sequences. */
    minLength: v.optional(tokens, sequenceDefaults.minLength),
    maxLength: v.optional(tokens, sequenceDefaults.maxLength),
    /** True for zeros in front that bring all to one length; batches of one length otherwise. */
    padded: v.optional(flag(), sequenceDefaults.padded),
    trainFraction: trainFraction(kind),
  }
}

/** A dataset's kind and controls; the seed is the spec's own. */
export const dataSchema = variant('kind', [
  points('circle'),
  points('xor'),
  points('gaussians'),
  object({
    kind: v.literal('spiral'),
    samples: samples('spiral'),
    noise: noise('spiral'),
    trainFraction: trainFraction('spiral'),
    classes: v.optional(oneOf(datasets.spiral.classes), 2),
  }),
  points('moons'),
  points('plane'),
  points('waves'),
  object({ kind: v.literal('digits'), samples: samples('digits'), trainFraction: trainFraction('digits') }),
  object({ kind: v.literal('parity'), ...sequences('parity') }),
  object({
    kind: v.literal('recall'),
    ...sequences('recall'),
    classes: v.optional(oneOf(datasets.recall.classes), 3),
  }),
  object({ kind: v.literal('points'), points: ownPoints, trainFraction: trainFraction('points') }),
  csvDataSchema,
])

/** A pooling layer that leaves out windows which do not fit. */
function pooling<const T extends string>(type: T) {
  return object({
    type: v.literal(type),
    poolSize: v.optional(integer(1, 14), 2),
    /** The pool size where not given. */
    strides: v.optional(integer(1, 14)),
  })
}

/** A layer with a state that goes from step to step of [steps, features]. */
function recurrent<const T extends string>(type: T) {
  return object({
    type: v.literal(type),
    /** Size of the state. */
    units: integer(1, 512),
    /** True for the states of all steps; that of the last one where not given. */
    returnSequences: v.optional(flag(), false),
  })
}

/** Each style's own default where not given. */
const epsilon = v.optional(positive(1))
const weightDecay = (rate: number) => v.optional(real(0, 1), rate)

const layerSchema = variant('type', [
  object({
    type: v.literal('dense'),
    units: integer(1, 1024),
    activation,
    useBias: v.optional(flag(), true),
  }),
  object({
    type: v.literal('conv2d'),
    filters: integer(1, 128),
    kernelSize: integer(1, 11),
    strides: v.optional(integer(1, 8), 1),
    padding: v.optional(oneOf(['valid', 'same']), 'valid'),
    activation,
  }),
  pooling('maxPooling2d'),
  pooling('averagePooling2d'),
  object({
    type: v.literal('batchNormalization'),
    /** Share of its moving averages that each step keeps; each style's own default where not given. */
    momentum: v.optional(real(0, 1)),
    epsilon,
  }),
  object({ type: v.literal('layerNormalization'), epsilon }),
  object({
    type: v.literal('embedding'),
    /** How many different integers are looked up, from 0. */
    inputDim: integer(1, 100_000),
    /** Length of the vector of each. */
    outputDim: integer(1, 1024),
  }),
  recurrent('simpleRnn'),
  recurrent('lstm'),
  recurrent('gru'),
  object({ type: v.literal('flatten') }),
  object({ type: v.literal('dropout'), rate: fractionBelowOne() }),
  object({ type: v.literal('activation'), activation: oneOf(activations) }),
])

/** What every optimizer has: the learning rate, where a schedule begins if there is one. */
const rate = { learningRate: positive(10), schedule: v.optional(rateScheduleSchema) }
const momentum = v.optional(fractionBelowOne(), 0)
const betas = {
  beta1: v.optional(fractionBelowOne(), 0.9),
  beta2: v.optional(fractionBelowOne(), 0.999),
}

const optimizerSchema = variant('type', [
  object({
    type: v.literal('sgd'),
    ...rate,
    momentum,
    nesterov: v.optional(flag(), false),
    weightDecay: weightDecay(0),
  }),
  object({ type: v.literal('adam'), ...rate, ...betas, epsilon, weightDecay: weightDecay(0) }),
  object({ type: v.literal('adamw'), ...rate, ...betas, epsilon, weightDecay: weightDecay(0.01) }),
  object({
    type: v.literal('rmsprop'),
    ...rate,
    /** Share of the old average of squared gradients that each step keeps. */
    rho: v.optional(fractionBelowOne(), 0.9),
    momentum,
    epsilon,
    weightDecay: weightDecay(0),
  }),
  object({
    type: v.literal('adagrad'),
    ...rate,
    /** What the sum of squared gradients starts from; each style's own default where not given. */
    initialAccumulator: v.optional(real(0, 10)),
    epsilon,
    weightDecay: weightDecay(0),
  }),
])

const version = v.literal(specVersion, (issue) =>
  typeof issue.input === 'number' && issue.input > specVersion
    ? `expected version ${specVersion}, got ${issue.input}. Open it with a newer Tandem.`
    : `expected version ${specVersion}, got ${printValue(issue.input)}. ` + `Set version to ${specVersion}.`,
)

export const specSchema = object({
  version,
  name: v.optional(text(100), ''),
  seed: v.optional(integer(0, 0xffffffff), 42),
  data: dataSchema,
  model: object({ layers: list(layerSchema, 1, 20) }),
  loss: oneOf(lossNames),
  optimizer: optimizerSchema,
  training: object({
    batchSize: v.optional(integer(1, maxSamples), 32),
    epochs: v.optional(integer(1, 100_000), 50),
    shuffle: v.optional(flag(), true),
  }),
  alignment: v.optional(oneOf(['aligned', 'native']), 'aligned'),
})

export const laneSettingsSchema = object({
  style: oneOf(styles),
  execution: v.optional(oneOf(executions), 'eager'),
  backend: v.optional(oneOf(backendChoices), 'auto'),
  /** Steps that one call of the runtime takes together; for static execution on wasm. */
  stepsPerExecution: v.optional(integer(1, 1000), 1),
  /** Edited program text; generated from the spec where not given. */
  program: v.optional(program()),
})

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
export type DataSpec = Spec['data']
export type LayerSpec = Spec['model']['layers'][number]
export type LayerType = LayerSpec['type']
export type RecurrentSpec = Extract<LayerSpec, { returnSequences: boolean }>
export type OptimizerSpec = Spec['optimizer']
export type OptimizerType = OptimizerSpec['type']
export type Activation = (typeof activations)[number]
export type LossName = (typeof lossNames)[number]
export type Style = (typeof styles)[number]
export type Execution = (typeof executions)[number]
export type LaneSettings = DeepReadonly<v.InferOutput<typeof laneSettingsSchema>>
export type Schedule = 'race' | 'turns'

/** A spec with the two lanes that run it: what a link or a file holds. */
export interface Experiment {
  readonly version: typeof specVersion
  readonly spec: Spec
  readonly lanes: readonly [LaneSettings, LaneSettings]
  readonly schedule: Schedule
  readonly preset?: string | undefined
}
