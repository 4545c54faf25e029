/** The values that a traced step has looked at before it goes on, such as indices, and when each can be. */
import type { ValueCheck } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import type { Constant, GraphInput, Value } from '../graph/types'

/** Kernels whose result holds the elements of their one operand. */
const elementKeeping = new Set(['Cast', 'ExpandDims', 'Identity', 'Reshape', 'Reverse', 'Tile', 'Transpose'])

/** The checks of one trace. */
export class ValueChecks {
  readonly #ofInputs: { input: string; check: ValueCheck }[] = []
  readonly #ofConstants: { constant: string; check: ValueCheck }[] = []
  readonly #ofResults: { bounds: readonly Value[]; check: ValueCheck }[] = []
  /** What a value holds the elements of, in another type or shape. */
  readonly #sources = new Map<string, Value>()

  /** `operand`: the value behind a tensor; `newest`: what took the place of a value. */
  constructor(
    private readonly operand: (tensor: tf.Tensor) => Value,
    private readonly newest: (value: Value) => Value,
  ) {}

  /** Of data that the step is called with, by the name of the input. */
  get ofInputs(): readonly { readonly input: string; readonly check: ValueCheck }[] {
    return this.#ofInputs
  }

  /** Of what the step computes. */
  get ofResults(): readonly ValueCheck[] {
    return this.#ofResults.map(({ check }) => check)
  }

  /** The smallest and the largest value of each that is computed. */
  get bounds(): readonly Value[] {
    return this.#ofResults.flatMap(({ bounds }) => bounds)
  }

  /** Keeps in mind where the elements of a kernel's result come from. */
  computed(kernel: string, result: Value, operands: Readonly<Record<string, Value | undefined>>): void {
    if (!elementKeeping.has(kernel)) return
    const [operand] = Object.values(operands)
    if (operand && operand.name !== result.name)
      this.#sources.set(result.name, this.#sources.get(operand.name) ?? operand)
  }

  /** Checks constants now, arguments before each step and what is computed when it has run; whether it is before. */
  add(tensor: tf.Tensor, check: ValueCheck): boolean {
    const value = this.operand(tensor)
    const source = this.newest(this.#sources.get(value.name) ?? value)
    if ('data' in source) {
      check((source as Constant).data)
      this.#ofConstants.push({ constant: source.name, check })
    } else if ('role' in source && source.role === 'argument') {
      this.#ofInputs.push({ input: source.name, check })
    } else {
      this.#addResult(tensor, check)
      return false
    }
    return true
  }

  /** The step itself changes what was a constant: it is checked when the step has run. */
  becameState(constant: Constant | GraphInput, state: tf.Tensor): void {
    for (const { constant: name, check } of this.#ofConstants)
      if (name === constant.name) this.#addResult(state, check)
  }

  #addResult(tensor: tf.Tensor, check: ValueCheck): void {
    const numbers = tf.cast(tensor, 'float32')
    const bounds = [tf.min(numbers), tf.max(numbers)].map((bound) => this.operand(bound))
    this.#ofResults.push({ bounds, check })
  }
}
