/** The symbolic tfjs backend: its tensors are values of a graph in the making. It computes nothing. */
import { programLine } from '../eager/origin'
import { tf } from '../eager/tfjs'
import type { Value } from '../graph/types'
import { TracedValueError, UnsupportedOpError } from '../util/errors'
import { printShape } from '../util/shapes'

/** The name under which it is registered. */
export const traceBackendName = 'trace'

/** Where constants go that the traced call makes. */
export type WriteConstant = (
  values: tf.backend_util.BackendValues,
  shape: number[],
  dtype: tf.DataType,
) => Value

interface Entry {
  readonly value: Value
  references: number
}

/** Engine scopes inside of which tfjs draws random numbers on the host. */
const randomScope = /^(random|truncatedNormal|multinomial)/

/** A backend of tfjs that computes nothing. */
export class TraceBackend extends tf.KernelBackend {
  readonly #entries = new Map<object, Entry>()
  #writeConstant: WriteConstant | null = null
  /** The first error that a read raised: an async function turns it into a rejection that nobody awaits. */
  failure: TracedValueError | null = null

  /** Begins a trace: constants go to `writeConstant`. */
  open(writeConstant: WriteConstant): void {
    this.#writeConstant = writeConstant
    this.failure = null
  }

  /** Ends the trace; what is still held is forgotten. */
  close(): void {
    this.#writeConstant = null
    this.#entries.clear()
  }

  /** The value that a tensor of this backend stands for. */
  valueBehind(dataId: object): Value | undefined {
    return this.#entries.get(dataId)?.value
  }

  /** A data id for a value. */
  hold(value: Value): object {
    const dataId = {}
    this.#entries.set(dataId, { value, references: 1 })
    return dataId
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const scope = tf.engine().state.activeScope as { name?: string } | null
    if (scope?.name && randomScope.test(scope.name)) throw randomInTrace(scope.name)
    if (!this.#writeConstant) throw new Error('internal: the trace backend was written to outside of a trace')
    return this.hold(this.#writeConstant(values, shape, dtype))
  }

  override readSync(dataId: object): never {
    throw this.#refuse(dataId)
  }

  override read(dataId: object): never {
    throw this.#refuse(dataId)
  }

  override move(): never {
    throw new Error('internal: a tensor was moved into the trace backend')
  }

  override refCount(dataId: object): number {
    return this.#entries.get(dataId)?.references ?? 0
  }

  override incRef(dataId: object): void {
    const entry = this.#entries.get(dataId)
    if (entry) entry.references++
  }

  override disposeData(dataId: object, force = false): boolean {
    const entry = this.#entries.get(dataId)
    if (!entry) return true
    entry.references--
    if (!force && entry.references > 0) return false
    this.#entries.delete(dataId)
    return true
  }

  override numDataIds(): number {
    return this.#entries.size
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }

  override floatPrecision(): 32 {
    return 32
  }

  override epsilon(): number {
    return 1e-7
  }

  override timerAvailable(): boolean {
    return false
  }

  override dispose(): void {
    this.close()
  }

  #refuse(dataId: object): TracedValueError {
    const value = this.valueBehind(dataId)
    const what = value ? `${value.name} (${value.dtype} ${printShape(value.shape)})` : 'a symbolic tensor'
    const line = programLine()
    const where = line > 0 ? ` on line ${line}` : ''
    const error = new TracedValueError(
      `trace: expected only operations on tensors, got a read of the value of ${what}${where}. ` +
        'While a static step is traced its tensors have no values yet: return the tensor from the compiled ' +
        'function and read it there, or run this lane eagerly.',
    )
    this.failure ??= error
    return error
  }
}

function randomInTrace(scope: string): UnsupportedOpError {
  return new UnsupportedOpError(
    `${scope.replace(/__op$/, '')}: expected no random numbers in a traced function, got a draw that every replay ` +
      'would repeat. Draw them outside and pass them as an argument, or use Dropout.',
  )
}
