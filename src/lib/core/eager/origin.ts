/** Where in the program the kernels that run now come from: phase of the step, layer, line. */

import { cutText } from '../util/cutText'
import { limits } from '../util/laneLimits'
import type { tf } from './tfjs'

/** The part of a training step. */
export type Phase = 'forward' | 'loss' | 'backward' | 'update'

/** Which phase, layer and line a kernel or node comes from. */
export interface Origin {
  readonly phase: Phase
  /** Name of the layer; empty outside of layers. */
  readonly layer: string
  /** Line of the program, counted from 1; 0 where unknown. */
  readonly line: number
}

let phase: Phase = 'forward'
let layer = ''
let layerLine = 0
let currentLine: () => number = () => 0

/** Sets who knows the line in progress; null for nobody. */
export function setLineSource(source: (() => number) | null): void {
  currentLine = source ?? (() => 0)
}

/** The line of the program in progress; 0 where nobody knows. */
export function programLine(): number {
  return currentLine()
}

/** Where kernels that run now come from. Inside a layer the line is the one that made the layer. */
export function currentOrigin(): Origin {
  return { phase, layer, line: layerLine || currentLine() }
}

/** Runs a part of a step. */
export function inPhase<T>(part: Phase, run: () => T): T {
  const before = phase
  phase = part
  try {
    return run()
  } finally {
    phase = before
  }
}

/** Runs the kernels of a layer that was made on line `line`. */
export function inLayer<T>(name: string, line: number, run: () => T): T {
  const before = [layer, layerLine] as const
  layer = name.length > limits.name ? cutText(name, limits.name) : name
  layerLine = line
  try {
    return run()
  } finally {
    ;[layer, layerLine] = before
  }
}

type OriginLookup = (tensor: tf.Tensor) => Origin | undefined

let lookup: OriginLookup | null = null

/** Sets who remembers where tensors came from; null for nobody. */
export function setOriginLookup(next: OriginLookup | null): void {
  lookup = next
}

/** Runs the gradient of what made `tensor`: it belongs to the same layer and line. */
export function inOriginOf<T>(tensor: tf.Tensor | undefined, run: () => T): T {
  const origin = tensor && lookup?.(tensor)
  return origin ? inLayer(origin.layer, origin.line, run) : run()
}
