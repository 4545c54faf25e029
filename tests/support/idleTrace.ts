/** A trace in progress that notes nothing: tests replace what they watch. */
import { tf } from '../../src/lib/core/eager/tfjs'
import type { ActiveTrace } from '../../src/lib/core/eager/tracing'

export const idleTrace: ActiveTrace = {
  hostValue: (_, shape) => tf.zeros([...shape]),
  argument: (_, shape) => tf.zeros([...shape]),
  eachStep: () => undefined,
  outside: (run) => run(),
  countUpdate: () => undefined,
  observe: () => undefined,
  onEnd: () => undefined,
  guard: () => undefined,
  reads: () => undefined,
  becomes: () => undefined,
  comesFrom: () => undefined,
  checkValues: () => true,
  isSymbolic: () => false,
}
