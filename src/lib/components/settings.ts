/** The settings of each layer and optimizer as the page shows them: one field each, in this order. */
import {
  activations,
  type LayerSpec,
  type LayerType,
  type OptimizerSpec,
  type OptimizerType,
} from '$lib/core/spec/schema'
import type { NumberBounds } from './numberInput'

/** What a setting may hold; undefined is a default that is left to the framework. */
export type SettingValue = number | string | boolean | undefined

/** Entries that have no field may hold anything. */
export type SettingValues = Readonly<Record<string, unknown>>

interface Common<K extends string> {
  /** Entry of the spec. */
  readonly key: K
  readonly label: string
  readonly title?: string
}

interface NumberSetting<K extends string> extends Common<K>, NumberBounds {
  readonly kind: 'number'
  /** May be emptied: the placeholder then says what counts. */
  readonly placeholder?: (values: SettingValues) => string
}

interface ChoiceSetting<K extends string> extends Common<K> {
  readonly kind: 'choice'
  readonly choices: readonly string[]
}

interface FlagSetting<K extends string> extends Common<K> {
  readonly kind: 'flag'
}

export type Setting<K extends string = string> = NumberSetting<K> | ChoiceSetting<K> | FlagSetting<K>

type KeyOf<S> = Exclude<keyof S, 'type'> & string
type SettingsOf<S extends { readonly type: string }> = {
  readonly [T in S['type']]: readonly Setting<KeyOf<Extract<S, { type: T }>>>[]
}

const kerasAndTorch = (keras: string, torch: string) => ({
  placeholder: () => `${keras} / ${torch}`,
  title: `Empty: each framework's own default, ${keras} in Keras and ${torch} in PyTorch`,
})

const activation = { kind: 'choice', key: 'activation', label: 'Activation', choices: activations } as const

const epsilon = (keras: string, torch: string) =>
  ({
    kind: 'number',
    key: 'epsilon',
    label: 'Epsilon',
    min: 0,
    max: 1,
    isMinExcluded: true,
    ...kerasAndTorch(keras, torch),
  }) as const

function whole<K extends string>(key: K, label: string, max: number): NumberSetting<K> {
  return { kind: 'number', key, label, min: 1, max, isInteger: true }
}

function share<K extends string>(key: K, label: string, max: number): NumberSetting<K> {
  return { kind: 'number', key, label, min: 0, max }
}

const pooling = [
  whole('poolSize', 'Pool size', 14),
  { ...whole('strides', 'Strides', 14), placeholder: ({ poolSize }: SettingValues) => String(poolSize) },
] as const

const recurrent = [
  whole('units', 'Units', 512),
  {
    kind: 'flag',
    key: 'returnSequences',
    label: 'Sequences',
    title: 'The states of all steps go on, not only that of the last one',
  },
] as const

/** Fields of each type of layer; none where there is nothing to set. */
export const layerSettings: SettingsOf<LayerSpec> = {
  dense: [whole('units', 'Units', 1024), activation, { kind: 'flag', key: 'useBias', label: 'Bias' }],
  conv2d: [
    whole('filters', 'Filters', 128),
    whole('kernelSize', 'Kernel', 11),
    whole('strides', 'Strides', 8),
    { kind: 'choice', key: 'padding', label: 'Padding', choices: ['valid', 'same'] },
    activation,
  ],
  maxPooling2d: pooling,
  averagePooling2d: pooling,
  batchNormalization: [
    {
      ...share('momentum', 'Momentum', 1),
      placeholder: () => '0.99 / 0.9',
      title:
        'Share of the moving averages that each step keeps. Empty: 0.99 in Keras, 0.9 in PyTorch (which calls it 0.1)',
    },
    epsilon('1e-3', '1e-5'),
  ],
  layerNormalization: [epsilon('1e-3', '1e-5')],
  embedding: [
    { ...whole('inputDim', 'Tokens', 100_000), title: 'How many different integers are looked up, from 0' },
    { ...whole('outputDim', 'Features', 1024), title: 'Length of the vector of each' },
  ],
  simpleRnn: recurrent,
  lstm: recurrent,
  gru: recurrent,
  flatten: [],
  dropout: [share('rate', 'Rate', 0.95)],
  activation: [activation],
}

const betas = [share('beta1', 'Beta 1', 0.999999), share('beta2', 'Beta 2', 0.999999)] as const
const momentum = share('momentum', 'Momentum', 0.9999)
const weightDecay = {
  ...share('weightDecay', 'Weight decay', 1),
  title: 'Decoupled in Keras, added to the gradient in PyTorch',
}

/** Fields of each optimizer but for the learning rate, which has one of its own. */
export const optimizerSettings: SettingsOf<OptimizerSpec> = {
  sgd: [momentum, { kind: 'flag', key: 'nesterov', label: 'Nesterov' }, weightDecay],
  adam: [...betas, epsilon('1e-7', '1e-8'), weightDecay],
  adamw: [...betas, epsilon('1e-7', '1e-8'), { ...weightDecay, title: 'Decoupled in both frameworks' }],
  rmsprop: [
    { ...share('rho', 'Rho', 0.999999), title: 'Share of the old average that is kept; alpha in PyTorch' },
    momentum,
    epsilon('1e-7', '1e-8'),
    weightDecay,
  ],
  adagrad: [
    {
      ...share('initialAccumulator', 'Initial sum', 10),
      ...kerasAndTorch('0.1', '0'),
    },
    epsilon('1e-7', '1e-10'),
    weightDecay,
  ],
}

/** What a layer of each type starts with. */
export const freshLayers: { readonly [T in LayerType]: LayerSpec } = {
  dense: { type: 'dense', units: 8, activation: 'tanh', useBias: true },
  conv2d: { type: 'conv2d', filters: 8, kernelSize: 3, strides: 1, padding: 'same', activation: 'relu' },
  maxPooling2d: { type: 'maxPooling2d', poolSize: 2 },
  averagePooling2d: { type: 'averagePooling2d', poolSize: 2 },
  batchNormalization: { type: 'batchNormalization' },
  layerNormalization: { type: 'layerNormalization' },
  embedding: { type: 'embedding', inputDim: 16, outputDim: 8 },
  simpleRnn: { type: 'simpleRnn', units: 8, returnSequences: false },
  lstm: { type: 'lstm', units: 8, returnSequences: false },
  gru: { type: 'gru', units: 8, returnSequences: false },
  flatten: { type: 'flatten' },
  dropout: { type: 'dropout', rate: 0.2 },
  activation: { type: 'activation', activation: 'relu' },
}

/** Each optimizer with a learning rate that suits these small models: 0.03 is right for Adam, SGD needs more. */
export const freshOptimizers: { readonly [T in OptimizerType]: OptimizerSpec } = {
  sgd: { type: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 },
  adam: { type: 'adam', learningRate: 0.03, beta1: 0.9, beta2: 0.999, weightDecay: 0 },
  adamw: { type: 'adamw', learningRate: 0.03, beta1: 0.9, beta2: 0.999, weightDecay: 0.01 },
  rmsprop: { type: 'rmsprop', learningRate: 0.01, rho: 0.9, momentum: 0, weightDecay: 0 },
  adagrad: { type: 'adagrad', learningRate: 0.1, weightDecay: 0 },
}

/** `values` with one setting changed, or with undefined left to its default. */
export function withSetting<S extends object>(values: S, key: string, value: SettingValue): S {
  const next = { ...values, [key]: value }
  if (value === undefined) Reflect.deleteProperty(next, key)
  return next
}

/** `optimizer` as the schema takes it: Nesterov's form needs momentum. */
export function consistent(optimizer: OptimizerSpec): OptimizerSpec {
  if (optimizer.type !== 'sgd' || optimizer.momentum > 0) return optimizer
  return { ...optimizer, nesterov: false }
}

/**
 * Another optimizer with its own usual settings; the schedule stays, and the weight decay, except that of AdamW, which is
 * of its kind.
 */
export function switchedOptimizer(from: OptimizerSpec, type: OptimizerType): OptimizerSpec {
  const { schedule } = from
  const fresh = schedule ? { ...freshOptimizers[type], schedule } : freshOptimizers[type]
  if (from.type === 'adamw' || type === 'adamw') return fresh
  return { ...fresh, weightDecay: from.weightDecay }
}
