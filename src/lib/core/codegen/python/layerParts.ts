/** What a PyTorch program that follows Keras needs of each type of layer beyond its call. */
import type { LayerType } from '../../catalogue/layers'
import type { TorchModule } from '../torchLayers'
import { kerasBatchNorm, kerasRecurrent, type Formulation } from './kerasFormulations'

/** What Keras starts from where PyTorch does not. */
interface Start {
  /** Classes that it is printed for even if the model has none. */
  readonly always: readonly string[]
  /** Behind the condition, as a comment. */
  readonly note?: string
  /** Statements about `module`. */
  readonly code: readonly string[]
}

interface LayerPart {
  /** The class that takes the place of PyTorch's `base`; null where both frameworks calculate alike. */
  readonly formulation: ((base: string) => Formulation) | null
  /** None where the layer has no weights, or both frameworks start alike. */
  readonly starts: readonly Start[]
}

const glorot: Start = {
  always: ['Linear', 'Conv2d'],
  code: [
    'nn.init.xavier_uniform_(module.weight)',
    'if module.bias is not None:',
    '    nn.init.zeros_(module.bias)',
  ],
}
const table: Start = { always: [], code: ['nn.init.uniform_(module.weight, -0.05, 0.05)'] }
const cell: Start = {
  always: [],
  code: [
    'nn.init.xavier_uniform_(module.weight_ih_l0)',
    'nn.init.orthogonal_(module.weight_hh_l0)',
    'nn.init.zeros_(module.bias_ih_l0)',
    'nn.init.zeros_(module.bias_hh_l0)',
  ],
}
const forgetGate: Start = {
  always: [],
  note: 'of the forget gate',
  code: ['nn.init.ones_(module.bias_ih_l0.data.chunk(4)[1])'],
}

/** In the order in which they are printed. */
const starts: readonly Start[] = [glorot, table, cell, forgetGate]

const alike: LayerPart = { formulation: null, starts: [] }

const parts: { readonly [T in LayerType]: LayerPart } = {
  dense: { ...alike, starts: [glorot] },
  conv2d: { ...alike, starts: [glorot] },
  maxPooling2d: alike,
  averagePooling2d: alike,
  batchNormalization: { ...alike, formulation: kerasBatchNorm },
  layerNormalization: alike,
  embedding: { ...alike, starts: [table] },
  simpleRnn: { formulation: kerasRecurrent, starts: [cell] },
  lstm: { formulation: kerasRecurrent, starts: [cell, forgetGate] },
  gru: { ...alike, starts: [cell] },
  flatten: alike,
  dropout: alike,
  activation: alike,
}

/** The class of a module that follows Keras' formulation, as its options say; null for PyTorch's own. */
export function ownFormulation({ name, options, layer }: TorchModule): Formulation | null {
  if (!options.some(([option]) => option === 'formulation')) return null
  const write = layer && parts[layer.type].formulation
  if (!write) throw new Error(`internal: ${name} has no class with Keras' formulation`)
  return write(name)
}

/** The loop that gives the modules Keras' initial weights. */
export function kerasInitialisation(modules: readonly TorchModule[]): readonly string[] {
  return [
    "# Keras' initial weights: Glorot uniform, and biases of zero.",
    'for module in model:',
    ...starts.flatMap((start) => startLines(start, modules)).map((line) => `    ${line}`),
  ]
}

function startLines(start: Start, modules: readonly TorchModule[]): readonly string[] {
  const { always, note, code } = start
  const used = modules.filter(({ layer }) => layer && parts[layer.type].starts.includes(start))
  const classes = [...new Set([...always, ...used.map(({ name }) => name)])]
  if (classes.length === 0) return []
  const comment = note === undefined ? '' : `  # ${note}`
  return [`if isinstance(module, ${classTuple(classes)}):${comment}`, ...code.map((line) => `    ${line}`)]
}

/** One class of `nn`, or a tuple of several. */
export function classTuple(names: readonly string[]): string {
  const classes = names.map((name) => `nn.${name}`)
  return classes.length === 1 ? (classes[0] ?? '') : `(${classes.join(', ')})`
}
