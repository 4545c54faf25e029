/**
 * What a trace has to know of a step beside its kernels: values that the host computes anew for every step, effects
 * that every step has, and work that must not become part of the graph. Outside of a trace all of it just happens.
 */
import type { Shape } from '../util/shapes'
import { programLine } from './origin'
import type { tf } from './tfjs'

/** Something outside of a step that the step reads while it is traced. */
export interface OutsideRead<T = unknown> {
  /** As the program has it: `config.scale`, `Dropout.p`. */
  readonly name: string
  /** Line of the program; 0 where unknown. */
  readonly line: number
  readonly read: () => T
}

/** Values of an input on the host. */
export type InputValues = Float32Array | Int32Array | Uint8Array

/** Throws where a step computes with values that are not allowed. */
export type ValueCheck = (values: ArrayLike<number>) => void

/** A trace in progress; made by core/trace. */
export interface ActiveTrace {
  /** An input of the graph whose value `compute` gives before each step that is replayed. */
  hostValue(name: string, shape: Shape, compute: () => Float32Array): tf.Tensor
  /** One more argument of the graph, float32: whoever replays it knows what for. */
  argument(name: string, shape: Shape): tf.Tensor
  /** Remembers an effect on the host that every replayed step has, in order with the host values. */
  eachStep(effect: () => void): void
  /** Counts an update of an optimizer, which every replayed step makes as well. */
  countUpdate(): void
  /** Runs on the real backend. */
  outside<T>(run: () => T): T
  /** Keeps a tensor of the step for instruments; nothing is computed for it unless somebody asks. */
  observe(name: string, tensors: readonly tf.Tensor[]): void
  /** Remembers how to undo what the traced call does to the program's own objects. */
  onEnd(restore: () => void): void
  /** The graph holds only as long as this reads what it reads now. */
  guard(outside: OutsideRead): void
  /** The same for what is the program's own: a trace that freezes such values goes on, and tells of a change. */
  reads(outside: OutsideRead): void
  /**
   * Says where the values of a tensor come from that the step did not make: they become a constant, as long as they stay
   * the same, and from then on an input. `key` stands for the source in later traces.
   */
  comesFrom(tensor: tf.Tensor, key: object, source: OutsideRead<tf.Tensor>): void
  /** The tensor is held by a variable from now on: what was read of it in the step was that variable's value before the step. */
  becomes(tensor: tf.Tensor, variable: tf.Variable): void
  /**
   * Has `check` look at the values at each step, and throw where they are wrong: all of them before the step where they are
   * data that it is called with, otherwise the smallest and the largest when it has run. Gives whether it is before.
   */
  checkValues(tensor: tf.Tensor, check: ValueCheck): boolean
  /** Whether the tensor is symbolic. */
  isSymbolic(tensor: tf.Tensor): boolean
}

let active: ActiveTrace | null = null

/** The trace in progress; null when kernels compute at once. */
export function activeTrace(): ActiveTrace | null {
  return active
}

/** Makes `trace` the trace in progress; null for none. */
export function setActiveTrace(trace: ActiveTrace | null): void {
  active = trace
}

/** Makes what `read` gives a condition of the graph in the making; nothing outside of a trace. */
export function guard(name: string, read: () => unknown): void {
  active?.guard({ name, line: programLine(), read })
}

/** A number that may differ from step to step, such as a learning rate: itself, or an input of the graph (a scalar). */
export function hostScalar(name: string, compute: () => number): tf.Tensor | number {
  return active ? active.hostValue(name, [], () => Float32Array.of(compute())) : compute()
}

/** Values that differ from step to step, such as a dropout mask; null outside of a trace: the caller makes the tensor. */
export function hostTensor(
  name: string,
  shape: Shape,
  compute: () => Float32Array,
  make: (values: Float32Array) => tf.Tensor,
): tf.Tensor {
  return active ? active.hostValue(name, shape, compute) : make(compute())
}

/** Does something on the host now, or in a trace, at each replayed step. */
export function eachStep(effect: () => void): void {
  if (active) active.eachStep(effect)
  else effect()
}

/** Runs on the real backend also while a trace is in progress: for variables that are made on first use. */
export function outsideTrace<T>(run: () => T): T {
  return active ? active.outside(run) : run()
}
