/** Explains a loss that is not finite: keeps the weights from before the last update and names the first bad one. */
import { withoutCounting, withoutCountingAsync } from '../eager/counters'
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { TandemError } from '../util/errors'
import type { TrainedModel } from './trained'

/** The loss of a batch became NaN or infinite. */
export class NonFiniteLossError extends TandemError {
  override name = 'NonFiniteLossError'
  constructor(
    readonly loss: number,
    readonly step: number,
    cause = '',
  ) {
    super(
      `loss: expected a finite number, got ${loss} at step ${step}. ${cause} Lower the learning rate, then reset.`,
    )
  }
}

/** Throws NonFiniteLossError if the loss of a step is NaN or infinite. */
export function assertFinite(loss: number, step: number): void {
  if (!Number.isFinite(loss)) throw new NonFiniteLossError(loss, step)
}

/** Keeps the weights from before the last update. */
export class NonFiniteWatch {
  #before: { name: string; value: tf.Tensor }[] = []

  /** Remembers the weights as they are before an eager update; on the backend this shares their buffers and copies nothing. */
  keep(model: TrainedModel | null): void {
    if (!model) return
    withoutCounting(() => {
      const kept = model
        .variables()
        .map(({ name, variable }) => ({ name, value: tf.keep(tf.clone(variable)) }))
      this.dispose()
      this.#before = kept
    })
  }

  /** The error with the first weight that was already bad when the loss was computed. */
  async explain({ loss, step }: NonFiniteLossError): Promise<NonFiniteLossError> {
    return new NonFiniteLossError(loss, step, await withoutCountingAsync(() => this.#cause()))
  }

  /** Tensors that remember the weights. */
  get heldTensors(): number {
    return this.#before.length
  }

  /** What the remembered weights add to the engine's own count; their buffers are mostly shared. */
  held(): { tensors: number; bytes: number } {
    const bytes = this.#before.reduce((sum, { value }) => sum + 4 * value.size, 0)
    return { tensors: this.heldTensors, bytes }
  }

  dispose(): void {
    for (const { value } of this.#before) value.dispose()
    this.#before = []
  }

  async #cause(): Promise<string> {
    if (this.#before.length === 0)
      return 'The weights from before it were not kept: run the lane eagerly to see which went bad first.'
    const bad = await this.#firstBad()
    return bad
      ? `First tensor that went bad: ${bad.name}, ${bad.count} of ${bad.size} values, in the update before.`
      : 'All weights were still finite before it: the forward pass overflowed.'
  }

  async #firstBad(): Promise<{ name: string; count: number; size: number } | null> {
    for (const { name, value } of this.#before) {
      const values = await readBack(value)
      const count = values.filter((entry) => !Number.isFinite(entry)).length
      if (count > 0) return { name, count, size: values.length }
    }
    return null
  }
}
