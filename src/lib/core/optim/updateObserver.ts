/** Where a run counts its steps: every optimizer announces each update before it applies it. */
import type { tf } from '../eager/tfjs'

/** Receives the gradients of one update, in the order of the optimizer's parameters; must not dispose them. */
export type UpdateObserver = (gradients: readonly tf.Tensor[]) => void

let observer: UpdateObserver | null = null

/** Makes `next` the one observer of all optimizers of this worker; `null` for none. */
export function setUpdateObserver(next: UpdateObserver | null): void {
  observer = next
}

/** Called by an optimizer once per update, before it changes a weight. */
export function announceUpdate(gradients: readonly tf.Tensor[]): void {
  observer?.(gradients)
}
