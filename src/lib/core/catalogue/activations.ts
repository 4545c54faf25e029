/** Every activation of a spec: what each framework calls for it, and in what they differ. */
import type { Shape } from '../util/shapes'
import { call, option, quote, type ClassCall, type Options } from './calls'
import type { KerasLayerName, TorchModuleName } from './classes'
import { differing, explicit, type Dialect, type PerStyle } from './dialect'

/** The facts of one activation. Its name is Keras' own. */
interface ActivationRecord {
  /** Keras' layer in place of the name, where a constant of the other framework has to be said; null for the name. */
  readonly keras: (dialect: Dialect) => ClassCall<KerasLayerName> | null
  /** PyTorch's module over an input of that shape, channels last; null where there is nothing to do. */
  readonly torch: (input: Shape, dialect: Dialect) => ClassCall<TorchModuleName> | null
  /** A sentence for each difference of the frameworks' defaults. */
  readonly differences: readonly string[]
}

/** Slope of leaky ReLU for negative inputs. Source: keras.activations.leaky_relu, torch.nn.LeakyReLU. */
const negativeSlope: PerStyle = { keras: 0.2, torch: 0.01 }

function alike(module: TorchModuleName): ActivationRecord {
  return { keras: () => null, torch: () => call(module), differences: [] }
}

const records = {
  linear: { keras: () => null, torch: () => null, differences: [] },
  relu: alike('ReLU'),
  leakyRelu: {
    keras(dialect) {
      const slope = explicit(undefined, negativeSlope, dialect)
      return slope === undefined ? null : call('LeakyReLU', [], option('negativeSlope', slope))
    },
    torch: (_input, dialect) =>
      call('LeakyReLU', [], option('negativeSlope', explicit(undefined, negativeSlope, dialect))),
    differences: [differing('leaky ReLU: negative slope', negativeSlope)],
  },
  tanh: alike('Tanh'),
  sigmoid: alike('Sigmoid'),
  gelu: alike('GELU'),
  // In PyTorch's layout the channels of an image are on axis 1; Keras has them on the last one.
  softmax: { ...alike('Softmax'), torch: (input) => call('Softmax', [input.length === 2 ? 2 : 1]) },
} as const satisfies Record<string, ActivationRecord>

/** The name of an activation. */
export type Activation = keyof typeof records

/** All activations, in the order in which the page offers them. */
export const activations = Object.keys(records) as readonly Activation[]

/** The facts by name. */
export const activationRecords: { readonly [A in Activation]: ActivationRecord } = records

/** A Keras layer with its activation inside, or before a layer of its own that takes the other framework's constant. */
export function kerasActivated(
  activation: Activation,
  dialect: Dialect,
  write: (inside: Options) => ClassCall<KerasLayerName>,
): readonly ClassCall<KerasLayerName>[] {
  const own = activationRecords[activation].keras(dialect)
  if (own !== null) return [write([]), own]
  return [write(activation === 'linear' ? [] : [['activation', quote(activation)]])]
}

/** A PyTorch module before its activation. */
export function torchActivated(
  activation: Activation,
  input: Shape,
  dialect: Dialect,
  module: ClassCall<TorchModuleName>,
): readonly ClassCall<TorchModuleName>[] {
  const after = activationRecords[activation].torch(input, dialect)
  return after === null ? [module] : [module, after]
}
