/** Constants in which the frameworks differ, and the optimizer options that make a lane follow the other's. */
import type { OptimizerSpec, Spec, Style } from '../spec/schema'
import type { Options } from './printCall'

/**
 * Slope of leaky ReLU for negative inputs.
 * Source: keras.activations.leaky_relu, torch.nn.LeakyReLU.
 */
const negativeSlope: Readonly<Record<Style, number>> = { keras: 0.2, torch: 0.01 }

/** Epsilon of Adam. Source: keras.optimizers.Adam, torch.optim.Adam. */
const adamEpsilon: Readonly<Record<Style, number>> = { keras: 1e-7, torch: 1e-8 }

/** The style a program is written in, and the style whose constants and formulation it takes. */
export interface Dialect {
  readonly style: Style
  readonly reference: Style
}

/** The slope to write out: undefined where it is the style's own default. */
export function explicitSlope({ style, reference }: Dialect): number | undefined {
  return negativeSlope[style] === negativeSlope[reference] ? undefined : negativeSlope[reference]
}

/** The epsilon to write out: undefined where it is the style's own default. */
export function explicitEpsilon(epsilon: number | undefined, dialect: Dialect): number | undefined {
  const wanted = epsilon ?? adamEpsilon[dialect.reference]
  return wanted === adamEpsilon[dialect.style] ? undefined : wanted
}

/** Whether the two frameworks' update rules round or act differently for this optimizer. */
function hasTwoFormulations(optimizer: OptimizerSpec): boolean {
  return optimizer.type === 'adam' || optimizer.momentum > 0 || optimizer.weightDecay > 0
}

/** `formulation: …` where the program follows the other framework's update rule. */
export function formulationOption({ optimizer }: Pick<Spec, 'optimizer'>, dialect: Dialect): Options {
  const isForeign = dialect.style !== dialect.reference && hasTwoFormulations(optimizer)
  return isForeign ? [['formulation', `'${dialect.reference}'`]] : []
}
