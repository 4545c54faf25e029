/** How Keras' update rules are stated: once, in arithmetic that optimizers compute and the Python export prints. */

/** Arithmetic on values of a kind: tensors and numbers to compute, program text to print. */
export interface Arithmetic<X> {
  readonly add: (a: X, b: X) => X
  readonly sub: (a: X, b: X) => X
  readonly mul: (a: X, b: X) => X
  readonly div: (a: X, b: X) => X
  /** aᵇ of numbers. */
  readonly power: (a: X, b: X) => X
  readonly sqrt: (a: X) => X
  readonly square: (a: X) => X
  readonly maximum: (a: X, b: X) => X
  readonly one: X
}

/** What an update reads and moves on: options and, for one variable, its gradient and what it carries along. */
export interface UpdateValues<X> {
  /** A number that the optimizer was made with, such as `beta1`. */
  readonly option: (name: string) => X
  /** One of two values, by an option that is on or off; a number is on if it is not 0. */
  readonly choose: (option: string, ifOn: () => X, ifOff: () => X) => X
  /** The variable, after its weight decay. */
  readonly weight: X
  readonly gradient: X
  /** The learning rate of this update, with Keras' corrections. */
  readonly rate: X
  /** What the variable carries from update to update under a name. */
  readonly slot: (name: string) => X
  /** Puts a new value there, and returns it. */
  readonly keep: (name: string, value: X) => X
}

/** Keras' update rule of an optimizer. */
export interface KerasUpdate {
  /** What differs from PyTorch's rule, as a sentence. */
  readonly doc: string
  /** Names of what a variable carries from update to update. */
  readonly slots: readonly string[]
  /** The rate of update `t`, which counts from 1, at the learning rate of that time. */
  readonly rate: <X>(math: Arithmetic<X>, learningRate: X, option: (name: string) => X, t: X) => X
  /** The new value of the variable. */
  readonly weight: <X>(math: Arithmetic<X>, values: UpdateValues<X>) => X
}

/** The learning rate as it is. */
export const plainRate = <X>(_: Arithmetic<X>, learningRate: X): X => learningRate

/** A running average in a slot, moved on by one value: kept·average + (1 − kept)·value. */
export function average<X>(
  math: Arithmetic<X>,
  { slot, keep }: UpdateValues<X>,
  { name, kept, of }: { readonly name: string; readonly kept: X; readonly of: X },
): X {
  return keep(name, math.add(math.mul(slot(name), kept), math.mul(of, math.sub(math.one, kept))))
}
