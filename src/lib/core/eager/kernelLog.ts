/**
 * The log of one eager step: every kernel in order, what the tape keeps of it, when its gradient is taken and when its
 * record is freed. Nothing is wrapped or observed while no log is open, so steps that are not logged cost nothing.
 */
import { cutText } from '../util/cutText'
import { limits } from '../util/laneLimits'
import { isSameShape, type Shape } from '../util/shapes'
import { isCounting } from './counters'
import { currentOrigin, setOriginLookup, type Origin } from './origin'
import { setTapeObserver, type TapeNode } from './tape'
import { tf } from './tfjs'

/** A tensor of a logged step. */
export interface LoggedTensor {
  readonly id: number
  readonly dtype: string
  readonly shape: Shape
}

/** A tensor that no logged kernel made: `variable` is a weight or slot, `data` anything else. */
export interface LoggedSource extends LoggedTensor {
  readonly kind: 'variable' | 'data'
  /** Of the variable; empty for data. */
  readonly name: string
}

/** What the tape holds of a kernel for its gradient. */
export interface SavedTensors {
  readonly tensors: number
  readonly bytes: number
}

/** A kernel that a logged step ran. */
export interface LoggedKernel {
  /** Name of the tfjs kernel. */
  readonly kernel: string
  /** Ids of the tensors. */
  readonly inputs: readonly number[]
  readonly outputs: readonly LoggedTensor[]
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>
  readonly origin: Origin
  /** Null where the kernel is not on the tape. */
  readonly saved: SavedTensors | null
  /** Index of the kernel whose gradient this one helps to compute; null outside of backward. */
  readonly gradientOf: number | null
}

/** Indices are those of `StepLog.kernels`. */
export type LogEvent =
  | { readonly kind: 'run'; readonly kernel: number }
  /** Backward takes the kernel's gradient. */
  | { readonly kind: 'consume'; readonly kernel: number }
  /** The tape lets go of the kernels and of what it saved for them. */
  | { readonly kind: 'free'; readonly kernels: readonly number[] }

/** The kernels of one eager step. */
export interface StepLog {
  readonly kernels: readonly LoggedKernel[]
  readonly sources: readonly LoggedSource[]
  readonly events: readonly LogEvent[]
}

type RunKernel = ReturnType<typeof tf.engine>['runKernel']
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Records what the engine does from its making to `close`. One at a time. */
export class KernelLog {
  readonly #kernels: Mutable<LoggedKernel>[] = []
  readonly #sources = new Map<number, LoggedSource>()
  readonly #makers = new Map<number, number>()
  /** What holds each piece of data: a saved copy stands for the tensor that it is a copy of. */
  readonly #holders = new Map<object, LoggedTensor[]>()
  /** Copies that the tape keeps: making them is part of recording. */
  readonly #copies = new Set<number>()
  #events: LogEvent[] = []
  #depth = 0
  #gradientOf: number | null = null
  #isOpen = true
  readonly #restore: () => void

  constructor() {
    const engine = tf.engine()
    const own = Object.getOwnPropertyDescriptor(engine, 'runKernel')
    const runKernel = engine.runKernel.bind(engine)
    const logged = <T extends tf.Tensor | tf.Tensor[]>(...call: Parameters<RunKernel>) =>
      this.#isOpen && !this.isFull && isCounting()
        ? this.#log(() => runKernel<T>(...call), call)
        : runKernel<T>(...call)
    engine.runKernel = logged
    this.#restore = () => {
      // Who wrapped it meanwhile goes on calling a log that is closed, which does no harm.
      if (Object.getOwnPropertyDescriptor(engine, 'runKernel')?.value !== logged) return
      if (own) Object.defineProperty(engine, 'runKernel', own)
      else Reflect.deleteProperty(engine, 'runKernel')
    }
    setTapeObserver({
      recorded: (nodes) => {
        for (const node of nodes) this.#record(node)
      },
      consuming: (node) => this.#consume(node),
      freed: (nodes) => this.#free(nodes),
    })
    setOriginLookup(({ id }) => this.#kernels[this.#makers.get(id) ?? -1]?.origin)
  }

  /** Kernels so far. */
  get size(): number {
    return this.#kernels.length
  }

  /** The step has more kernels, or takes more tensors, than a log does: the later ones are not in it. */
  get isFull(): boolean {
    return this.#kernels.length >= limits.graphNodes || this.#sources.size >= limits.graphNodes
  }

  /** Ends the log and gives what it holds. */
  close(): StepLog {
    this.#isOpen = false
    setTapeObserver(null)
    setOriginLookup(null)
    this.#restore()
    return this.#withoutCopies()
  }

  #log<T extends tf.Tensor | tf.Tensor[]>(
    run: () => T,
    [kernel, inputs, attributes]: Parameters<RunKernel>,
  ): T {
    this.#depth++
    let result: T
    try {
      result = run()
    } finally {
      this.#depth--
    }
    // What a kernel runs on its way is part of it.
    if (this.#depth > 0) return result
    const outputs: readonly tf.Tensor[] = Array.isArray(result) ? result : [result]
    const origin = currentOrigin()
    const index = this.#kernels.length
    const operands = Object.values(inputs).flatMap(tensorsIn)
    this.#kernels.push({
      kernel,
      inputs: operands.slice(0, limits.operands).map((input) => this.#idOf(input)),
      outputs: outputs.slice(0, limits.operands).map(describe),
      attributes: { ...plainAttributes(attributes), ...leftOut(operands.length, outputs.length) },
      origin,
      saved: null,
      gradientOf: origin.phase === 'backward' ? this.#gradientOf : null,
    })
    for (const output of outputs) {
      this.#makers.set(output.id, index)
      this.#hold(output)
    }
    this.#note({ kind: 'run', kernel: index })
    return result
  }

  /** What a page takes of a step that is cut is bounded, too. */
  #note(event: LogEvent): void {
    if (this.#events.length < limits.graphParts) this.#events.push(event)
  }

  #idOf(input: tf.Tensor): number {
    if (this.#makers.has(input.id)) return input.id
    const held = this.#sameData(input)
    const isVariable = input instanceof tf.Variable
    // A variable that was assigned in this step holds what a kernel made.
    if (held && (!isVariable || this.#makers.has(held.id))) return held.id
    if (this.#sources.has(input.id)) return input.id
    this.#sources.set(input.id, {
      ...describe(input),
      kind: isVariable ? 'variable' : 'data',
      name: isVariable ? input.name : '',
    })
    this.#hold(input)
    return input.id
  }

  #hold(tensor: tf.Tensor): void {
    this.#holders.set(tensor.dataId, [...(this.#holders.get(tensor.dataId) ?? []), describe(tensor)])
  }

  #sameData({ dataId, shape }: tf.Tensor): LoggedTensor | undefined {
    return this.#holders.get(dataId)?.findLast((held) => isSameShape(held.shape, shape))
  }

  /** A loss with a gradient of its own is one node of the tape: it is noted at the kernel that gives its value. */
  #record({ outputs, saved = [] }: TapeNode): void {
    for (const { id } of saved) this.#copies.add(id)
    const maker = this.#makers.get(outputs[0]?.id ?? -1)
    const kernel = maker === undefined ? undefined : this.#kernels[maker]
    if (!kernel) return
    kernel.saved = { tensors: saved.length, bytes: saved.reduce((sum, tensor) => sum + bytesOf(tensor), 0) }
  }

  #consume({ outputs }: TapeNode): void {
    const maker = this.#makers.get(outputs[0]?.id ?? -1)
    this.#gradientOf = maker ?? null
    if (maker !== undefined) this.#note({ kind: 'consume', kernel: maker })
  }

  #free(nodes: readonly TapeNode[]): void {
    this.#gradientOf = null
    const makers = nodes.flatMap(({ outputs }) => this.#makers.get(outputs[0]?.id ?? -1) ?? [])
    if (makers.length > 0) this.#note({ kind: 'free', kernels: [...new Set(makers)].sort((a, b) => a - b) })
  }

  /** Leaves out the copies that recording itself made, and numbers the other kernels anew. */
  #withoutCopies(): StepLog {
    const kept = this.#kernels.flatMap(({ kernel, outputs }, index) =>
      kernel === 'Identity' && outputs.every(({ id }) => this.#copies.has(id)) ? [] : [index],
    )
    const places = new Map(kept.map((index, place) => [index, place]))
    const moved = (index: number) => places.get(index) ?? []
    return {
      kernels: kept.flatMap((index) => {
        const kernel = this.#kernels[index]
        const { gradientOf } = kernel ?? { gradientOf: null }
        return kernel
          ? { ...kernel, gradientOf: gradientOf === null ? null : (places.get(gradientOf) ?? null) }
          : []
      }),
      sources: [...this.#sources.values()],
      events: this.#events.flatMap((event): LogEvent | [] => {
        if (event.kind === 'free') return { kind: 'free', kernels: event.kernels.flatMap(moved) }
        const kernel = places.get(event.kernel)
        return kernel === undefined ? [] : { kind: event.kind, kernel }
      }),
    }
  }
}

function describe({ id, dtype, shape }: tf.Tensor): LoggedTensor {
  return { id, dtype, shape: [...shape] }
}

function bytesOf({ size, dtype }: tf.Tensor): number {
  return size * (dtype === 'bool' ? 1 : 4)
}

/** Operands may be tensors, lists of them, or left out. */
function tensorsIn(input: unknown): tf.Tensor[] {
  if (Array.isArray(input)) return input.flatMap(tensorsIn)
  return input instanceof tf.Tensor ? [input as tf.Tensor] : []
}

/** Says how many operands and results of a kernel are not in the log. */
function leftOut(inputs: number, outputs: number): LoggedKernel['attributes'] {
  const parts = Object.entries({ inputs, outputs }).filter(([, count]) => count > limits.operands)
  const text = parts.map(([name, count]) => `${count - limits.operands} of ${count} ${name}`).join(', ')
  return text === '' ? {} : { leftOut: text }
}

function plainAttributes(attributes: unknown): LoggedKernel['attributes'] {
  const plain: Record<string, number | string | readonly number[]> = {}
  for (const [name, value] of Object.entries(attributes ?? {}) as [string, unknown][]) {
    if (typeof value === 'number') plain[name] = value
    else if (typeof value === 'string') plain[name] = cutText(value, limits.name)
    else if (typeof value === 'boolean') plain[name] = String(value)
    else if (Array.isArray(value) && value.every((one) => typeof one === 'number'))
      plain[name] = value.slice(0, limits.operands)
  }
  return plain
}
