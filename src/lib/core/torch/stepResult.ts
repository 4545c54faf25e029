/** A result of a compiled step: its shape is known at the call, its values when the step has run. */
import { at } from '../util/at'
import { withoutCounting } from '../eager/counters'
import { isGone } from '../eager/parking'
import { tf } from '../eager/tfjs'
import type { PendingStep } from '../session/pendingStep'
import type { HostTensor, HostValues } from '../session/types'
import type { NumberSource } from './pendingValue'
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'

/** A result that may not be there yet. */
export class StepResult {
  readonly shape: Shape
  readonly dtype: tf.DataType
  #value: tf.Tensor | null = null

  constructor(
    private readonly step: PendingStep,
    private readonly index: number,
  ) {
    const { shape, dtype } = step.graph.resultTypes[index] ?? { shape: [], dtype: 'float32' }
    this.shape = shape
    this.dtype = dtype === 'int64' ? 'int32' : dtype
  }

  /** The values as a tensor of the caller's scope; null before the step has run. */
  get value(): tf.Tensor | null {
    const host = this.#of(this.step.results)
    if (!host) return null
    if (this.#value && !isGone(this.#value)) return this.#value
    return (this.#value = withoutCounting(() => tf.tensor(host.values, [...this.shape], this.dtype)))
  }

  /** The first value. Whoever awaits it is told of errors of the step. */
  number(): NumberSource {
    return {
      settled: async () => at(this.#values(await this.step.settled()), 0),
      bring: () => void this.step.force().catch(() => undefined),
    }
  }

  async read(): Promise<HostValues> {
    return this.#values(await this.step.force())
  }

  #values(results: readonly HostTensor[]): HostValues {
    return this.#of(results)?.values ?? new Float32Array()
  }

  #of(results: readonly HostTensor[] | null): HostTensor | undefined {
    return results?.[this.index]
  }
}

/** The values of a result as a tensor. Throws ArgumentError before its step has run. */
export function arrivedValue(result: StepResult): tf.Tensor {
  const { value } = result
  if (value) return value
  throw new ArgumentError(
    'tensor: expected a result that is there, got one of a compiled step that has not run yet. Await .item() or .tolist().',
  )
}
