/** Explains a loss that is not finite: keeps the weights from before the last update and names the first bad one. */
import { withoutCounting } from '../eager/counters'
import { tf } from '../eager/tfjs'
import { TandemError } from '../util/errors'
import type { NamedVariable, TrainedModel } from './trained'

/** The loss of a batch became NaN or infinite. */
export class NonFiniteLossError extends TandemError {
  override name = 'NonFiniteLossError'
}

export class NonFiniteWatch {
  #before: { name: string; value: tf.Tensor }[] = []

  /** Remembers the weights as they are now; on the backend this shares their buffers and copies nothing. */
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

  /** The error for a loss of step `step`, computed with the weights last kept. */
  explain(loss: number, step: number): NonFiniteLossError {
    const bad = withoutCounting(() => this.#before.map(countBad).find(({ bad }) => bad > 0))
    const cause = bad
      ? `First tensor that went bad: ${bad.name}, ${bad.bad} of ${bad.size} values, in the update before.`
      : 'All weights were still finite before it: the forward pass overflowed.'
    return new NonFiniteLossError(
      `loss: expected a finite number, got ${loss} at step ${step}. ${cause} Lower the learning rate, then reset.`,
    )
  }

  dispose(): void {
    for (const { value } of this.#before) value.dispose()
    this.#before = []
  }
}

function countBad({ name, value }: { name: string; value: tf.Tensor }) {
  const values = value.dataSync<'float32'>()
  return { name, bad: values.filter((entry) => !Number.isFinite(entry)).length, size: values.length }
}

export type { NamedVariable }
