/** Constants in which the frameworks differ, and the options that make a lane follow the other's. */
import type { OptimizerSpec, OptimizerType, RecurrentSpec, Spec, Style } from '../spec/schema'
import type { Options } from './printCall'

/** A default of each framework. */
export type PerStyle = Readonly<Record<Style, number>>

/**
 * Slope of leaky ReLU for negative inputs.
 * Source: keras.activations.leaky_relu, torch.nn.LeakyReLU.
 */
export const negativeSlope: PerStyle = { keras: 0.2, torch: 0.01 }

/** Epsilon of each optimizer that has one. Source: keras.optimizers, torch.optim. */
export const optimizerEpsilon: { readonly [T in Exclude<OptimizerType, 'sgd'>]: PerStyle } = {
  adam: { keras: 1e-7, torch: 1e-8 },
  adamw: { keras: 1e-7, torch: 1e-8 },
  rmsprop: { keras: 1e-7, torch: 1e-8 },
  adagrad: { keras: 1e-7, torch: 1e-10 },
}

/** What Adagrad's sum starts from. Source: keras.optimizers.Adagrad, torch.optim.Adagrad. */
export const initialAccumulator: PerStyle = { keras: 0.1, torch: 0 }

/** Decay of AdamW; no other optimizer decays by default. Source: keras.optimizers.AdamW, torch.optim.AdamW. */
export const adamwDecay: PerStyle = { keras: 0.004, torch: 0.01 }

/** Epsilon of both normalisation layers. Source: keras.layers.BatchNormalization, torch.nn.BatchNorm1d. */
export const normalizationEpsilon: PerStyle = { keras: 1e-3, torch: 1e-5 }

/** Share that batch normalisation keeps of its averages, in Keras' terms; PyTorch's momentum is what it replaces. */
export const batchNormMomentum: PerStyle = { keras: 0.99, torch: 0.9 }

/** Each framework's class of a recurrent layer. */
export const recurrentClasses: Readonly<Record<RecurrentSpec['type'], Readonly<Record<Style, string>>>> = {
  simpleRnn: { keras: 'SimpleRNN', torch: 'RNN' },
  lstm: { keras: 'LSTM', torch: 'LSTM' },
  gru: { keras: 'GRU', torch: 'GRU' },
}

/**
 * Whether both frameworks add a bias of the input and one of the state, as the reset gate asks for. Otherwise PyTorch
 * alone does, so that the sum of its two learns twice as fast as Keras' one.
 */
export const hasTwoBiases: Readonly<Record<RecurrentSpec['type'], boolean>> = {
  simpleRnn: false,
  lstm: false,
  gru: true,
}

/** The style a program is written in, and the style whose constants and formulation it takes. */
export interface Dialect {
  readonly style: Style
  readonly reference: Style
}

/** `given`, or the constant of the reference style; undefined where it is the style's own default. */
export function explicit(
  given: number | undefined,
  defaults: PerStyle,
  { style, reference }: Dialect,
): number | undefined {
  const wanted = given ?? defaults[reference]
  return wanted === defaults[style] ? undefined : wanted
}

/** An option of a call, left out where the value is undefined. */
export function option(name: string, value: number | boolean | undefined): Options {
  return value === undefined ? [] : [[name, String(value)]]
}

/** An option of a call, left out where the value is what both frameworks take by default. */
export function unless(name: string, value: number | boolean, byDefault: number | boolean): Options {
  return value === byDefault ? [] : [[name, String(value)]]
}

/** `formulation: …` where the program follows the other framework. */
export function formulation({ style, reference }: Dialect): Options {
  return style === reference ? [] : [['formulation', `'${reference}'`]]
}

/** Whether the two frameworks' update rules round or act differently for this optimizer. */
function hasTwoFormulations(optimizer: OptimizerSpec): boolean {
  return optimizer.type !== 'sgd' || optimizer.momentum > 0 || optimizer.weightDecay > 0
}

/** `formulation: …` where the program follows the other framework's update rule. */
export function formulationOption({ optimizer }: Pick<Spec, 'optimizer'>, dialect: Dialect): Options {
  return hasTwoFormulations(optimizer) ? formulation(dialect) : []
}

/** How a program is written, beside its spec and dialect. */
export interface ProgramForm {
  /** Lane B starts from lane A's weights. */
  readonly loadsInitialWeights: boolean
  /** Steps are compiled, so many of them for one call of the runtime; null where they run eagerly. */
  readonly compiled: { readonly stepsPerExecution: number } | null
}

/** `stepsPerExecution`, where it says something. */
export function stepsOption({
  stepsPerExecution,
}: {
  readonly stepsPerExecution: number
}): readonly [string, string][] {
  return stepsPerExecution === 1 ? [] : [['stepsPerExecution', String(stepsPerExecution)]]
}
