/** Tracing: runs a step once on symbolic tensors and gives its graph. The eager world is as it was afterwards. */
import { withoutCounting } from '../eager/counters'
import { currentOrigin, setOriginLookup } from '../eager/origin'
import {
  setActiveTrace,
  type ActiveTrace,
  type InputValues,
  type OutsideRead,
  type ValueCheck,
} from '../eager/tracing'
import { tf } from '../eager/tfjs'
import { freeTapesSince, tapeMark } from '../eager/tape'
import { suspendBringBack } from '../eager/variableSource'
import { GraphBuilder } from '../graph/builder'
import type { Constant, Graph, GraphInput, Origin, TensorType, Value } from '../graph/types'
import { CompileError } from '../util/errors'
import { limits } from '../util/laneLimits'
import type { Shape } from '../util/shapes'
import { explainUnknownKernel } from './explainUnknownKernel'
import { Guard } from './guard'
import { HeldVariables } from './heldVariables'
import { KernelCall, type Rule } from './kernelCall'
import { rules } from './rules/index'
import { fromDType, identityOf, toData, toDType, typeText } from './tensorTypes'
import { traceBackendName, TraceBackend } from './traceBackend'
import { ValueChecks } from './valueChecks'

/** What the host does before each step that is replayed, in the order of the program. */
export type HostAction =
  | { readonly kind: 'effect'; readonly run: () => void }
  | { readonly kind: 'value'; readonly input: string; readonly compute: () => InputValues }

/** A step as a graph, and what it needs to be replayed. */
export interface Trace {
  /** Its results are those of the call, then two for each of `resultChecks`, then one for each observed name. */
  readonly graph: Graph
  /** Names of observed values, in the order of their results. */
  readonly observed: readonly string[]
  /** The program's variables by the name they have in `graph.states`. */
  readonly variables: ReadonlyMap<string, tf.Variable>
  readonly hostActions: readonly HostAction[]
  readonly guards: readonly Guard[]
  /** What the program's values were that the graph goes on with, whatever they become. */
  readonly frozen: readonly Guard[]
  /** Of data that the step is called with, by the name of the input: before each step. */
  readonly inputChecks: readonly { readonly input: string; readonly check: ValueCheck }[]
  /** Of what the step computes: each has two results, the smallest and the largest value. */
  readonly resultChecks: readonly ValueCheck[]
  /** Updates of optimizers in one step. */
  readonly updates: number
}

/** A function of tensors that gives the tensors it returns. */
export type TracedCall = (inputs: readonly tf.Tensor[]) => readonly tf.Tensor[]

/**
 * The graph of `call` for arguments of these types. Throws what the call throws, TracedValueError where it reads a
 * value, UnsupportedOpError where it uses a kernel without a rule.
 */
export function trace(
  name: string,
  types: readonly TensorType[],
  call: TracedCall,
  options: TraceOptions = {},
): Trace {
  return withoutCounting(() => new Tracer(name, options).run(types, call))
}

/** How a call is traced. */
export interface TraceOptions {
  /** What the program's own values are is no condition of the graph, as in `tf.function`. */
  readonly freezes?: boolean
  /** Whether the tensors that come from there are inputs. */
  readonly isInput?: (key: object) => boolean
}

/** Where a tensor from outside comes from. */
interface Source {
  readonly key: object
  readonly source: OutsideRead<tf.Tensor>
}

type TensorInfo = Pick<tf.Tensor, 'dataId' | 'shape' | 'dtype'>
type Operands = Readonly<Record<string, TensorInfo | undefined>>

let current: Tracer | null = null
let backend: TraceBackend | null = null

function makeCurrent(tracer: Tracer | null): void {
  current = tracer
}

/** The one trace backend; its kernels hand every call to the tracer in progress. */
function traceBackend(): TraceBackend {
  if (backend) return backend
  const created = new TraceBackend()
  tf.registerBackend(traceBackendName, () => created)
  for (const [kernelName, rule] of Object.entries(rules)) {
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
      if (!current)
        throw new Error(`internal: ${kernelName} was called on the trace backend outside of a trace`)
      return current.apply(kernelName, rule, inputs, attrs ?? {})
    }
    tf.registerKernel({ kernelName, backendName: traceBackendName, kernelFunc })
  }
  backend = created
  return created
}

class Tracer implements ActiveTrace {
  readonly #engine = tf.engine()
  readonly #backend = traceBackend()
  readonly #outerBackend = tf.getBackend()
  readonly #tapeMark = tapeMark()
  readonly #builder: GraphBuilder
  readonly #held = new HeldVariables()
  readonly #states = new Map<tf.Variable, GraphInput>()
  /** Constants by the data of the tensors that they are made of. */
  readonly #captured = new Map<object, Constant | GraphInput>()
  #hostActions: HostAction[] = []
  #guards: Guard[] = []
  readonly #frozen: Guard[] = []
  /** By the data of tensors. */
  readonly #sources = new Map<object, Source>()
  readonly #restores: (() => void)[] = []
  readonly #observed = new Map<string, Value>()
  readonly #checks: ValueChecks
  /** By the data of tensors: a layer's intermediate results are freed long before their gradients are computed. */
  readonly #origins = new WeakMap<object, Origin>()
  #updates = 0
  #wasSuspended = false

  constructor(
    name: string,
    private readonly options: TraceOptions,
  ) {
    const builder = new GraphBuilder(name)
    this.#builder = builder
    this.#checks = new ValueChecks(
      (tensor) => this.#operand(tensor),
      (value) => builder.newest(value),
    )
  }

  run(types: readonly TensorType[], call: TracedCall): Trace {
    this.#open()
    try {
      const inputs = types.map((type, index) =>
        this.#tensorOf(this.#builder.input('argument', type, `x${index}`)),
      )
      const returned = call(inputs)
      // A read whose error nobody saw, such as one that was not awaited.
      if (this.#backend.failure) throw this.#backend.failure
      const results = returned.map((tensor) => this.#operand(tensor))
      for (const value of [...results, ...this.#checks.bounds, ...this.#observed.values()])
        this.#builder.result(value)
      const variables = this.#addStates()
      return {
        graph: this.#builder.build(),
        observed: [...this.#observed.keys()],
        variables,
        hostActions: this.#hostActions,
        guards: this.#guards,
        frozen: this.#frozen,
        inputChecks: this.#checks.ofInputs,
        resultChecks: this.#checks.ofResults,
        updates: this.#updates,
      }
    } catch (error) {
      throw this.#backend.failure ?? explainUnknownKernel(error)
    } finally {
      this.#close()
    }
  }

  /** Emits the nodes of one kernel call. */
  apply(
    kernel: string,
    rule: Rule,
    inputs: Operands,
    attributes: Readonly<Record<string, unknown>>,
  ): TensorInfo | TensorInfo[] {
    const operands = Object.fromEntries(
      Object.entries(inputs).map(([name, info]) => [name, info && this.#operand(info)]),
    )
    const origin = currentOrigin()
    this.#builder.origin = origin
    if (this.#builder.size >= limits.graphNodes) throw tooLarge(this.#builder.name)
    const result = rule(new KernelCall(kernel, operands, attributes, this.#builder))
    const values: readonly Value[] = 'name' in result ? [result] : result
    if ('name' in result) this.#checks.computed(kernel, result, operands)
    const infos = values.map((value) => {
      const info = this.#infoOf(value)
      this.#origins.set(info.dataId, origin)
      return info
    })
    return 'name' in result ? (infos[0] as TensorInfo) : infos
  }

  hostValue(name: string, shape: Shape, compute: () => Float32Array): tf.Tensor {
    const input = this.#builder.input('host', { dtype: 'float32', shape }, name)
    this.#hostActions.push({ kind: 'value', input: input.name, compute })
    return this.#tensorOf(input)
  }

  argument(name: string, shape: Shape): tf.Tensor {
    return this.#tensorOf(this.#builder.input('argument', { dtype: 'float32', shape }, name))
  }

  eachStep(effect: () => void): void {
    this.#hostActions.push({ kind: 'effect', run: effect })
  }

  countUpdate(): void {
    this.#updates++
  }

  outside<T>(run: () => T): T {
    const holdNew = this.#held.watch()
    setActiveTrace(null)
    suspendBringBack(this.#wasSuspended)
    this.#use(this.#outerBackend)
    try {
      return run()
    } finally {
      suspendBringBack(true)
      holdNew()
      this.#use(traceBackendName)
      setActiveTrace(this)
    }
  }

  /** The Euclidean norm over all the tensors, as one more result. */
  observe(name: string, tensors: readonly tf.Tensor[]): void {
    if (tensors.length === 0) return
    const norm = tf.tidy(() => tf.sqrt(tf.addN(tensors.map((tensor) => tf.sum(tf.square(tensor))))))
    this.#observed.set(name, this.#operand(norm))
  }

  onEnd(restore: () => void): void {
    this.#restores.push(restore)
  }

  guard(outside: OutsideRead): void {
    this.#guards.push(new Guard(outside))
  }

  reads(outside: OutsideRead): void {
    const list = this.options.freezes ? this.#frozen : this.#guards
    list.push(new Guard(outside))
  }

  comesFrom(tensor: tf.Tensor, key: object, source: OutsideRead<tf.Tensor>): void {
    if (this.isSymbolic(tensor) || tensor instanceof tf.Variable || this.#sources.has(tensor.dataId)) return
    this.#sources.set(tensor.dataId, { key, source })
  }

  checkValues(tensor: tf.Tensor, check: ValueCheck): boolean {
    return this.#checks.add(tensor, check)
  }

  becomes(tensor: tf.Tensor, variable: tf.Variable): void {
    const captured = this.#captured.get(tensor.dataId)
    if (!captured) return
    const state = this.#state(variable)
    this.#captured.set(tensor.dataId, state)
    this.#builder.replace(captured, state)
    // It was a constant as long as it stayed the same, or an input that the host gave: now the step itself changes it.
    const key = this.#sources.get(tensor.dataId)?.key
    this.#guards = this.#guards.filter(({ input }) => input === null || input !== key)
    this.#hostActions = this.#hostActions.filter(
      (action) => action.kind !== 'value' || action.input !== captured.name,
    )
    this.#checks.becameState(captured, this.#tensorOf(state))
  }

  isSymbolic(tensor: tf.Tensor): boolean {
    return this.#backend.valueBehind(tensor.dataId) !== undefined
  }

  #open(): void {
    this.#wasSuspended = suspendBringBack(true)
    this.#held.holdAll()
    this.#backend.open((values, shape, dtype) =>
      this.#builder.constant(toData(values, dtype), toDType(dtype), shape),
    )
    this.#use(traceBackendName)
    this.#engine.startScope('trace')
    makeCurrent(this)
    setActiveTrace(this)
    setOriginLookup(({ dataId }) => this.#origins.get(dataId))
  }

  #close(): void {
    // A graph of symbolic values that no backward() walked would be kept as one of values.
    freeTapesSince(this.#tapeMark)
    setOriginLookup(null)
    setActiveTrace(null)
    makeCurrent(null)
    for (const restore of this.#restores.toReversed()) restore()
    this.#use(this.#outerBackend)
    this.#held.restore()
    this.#engine.endScope()
    this.#backend.close()
    suspendBringBack(this.#wasSuspended)
  }

  #use(name: string): void {
    // Settled when it returns: both backends are there already.
    void tf.setBackend(name)
  }

  #operand(info: TensorInfo): Value {
    const symbolic = this.#backend.valueBehind(info.dataId)
    if (symbolic) return symbolic
    // A copy of a variable shares its data, but not what later steps assign to it.
    if (info instanceof tf.Variable) return this.#state(info as tf.Variable)
    const known = this.#captured.get(info.dataId)
    if (known) return known
    const value = this.#capture(info)
    this.#captured.set(info.dataId, value)
    return value
  }

  #state(variable: tf.Variable): GraphInput {
    const known = this.#states.get(variable)
    if (known) return known
    const type = { dtype: toDType(variable.dtype), shape: variable.shape }
    const input = this.#builder.input('state', type, variable.name)
    this.#states.set(variable, input)
    return input
  }

  /** A tensor from outside of the call is read once and becomes a constant; an input where its values change. */
  #capture(info: TensorInfo): Constant | GraphInput {
    const from = this.#sources.get(info.dataId)
    if (from && this.options.isInput?.(from.key)) return this.#captureInput(info, from.source)
    if (from) {
      const { name, line, read } = from.source
      this.#guards.push(new Guard({ name, line, read: () => identityOf(read()) }, from.key))
    }
    const values = toData(
      this.outside(() => this.#engine.readSync(info.dataId)),
      info.dtype,
    )
    const type = [toDType(info.dtype), info.shape] as const
    return from ? this.#builder.ownConstant(values, ...type) : this.#builder.constant(values, ...type)
  }

  /** What `read` gives is the input's value at each step; it is read from the backend when it is another tensor. */
  #captureInput({ dtype, shape }: TensorInfo, { name, line, read }: OutsideRead<tf.Tensor>): GraphInput {
    const type = { dtype: toDType(dtype), shape: [...shape] }
    this.guard({
      name,
      line,
      read: () => {
        const tensor = read()
        return tensor instanceof tf.Variable ? tensor : typeText(tensor)
      },
    })
    const input = this.#builder.input('host', type, name)
    let last: { readonly dataId: object; readonly values: InputValues } | null = null
    const compute = () => {
      const tensor = read()
      if (last?.dataId !== tensor.dataId)
        last = { dataId: tensor.dataId, values: withoutCounting(() => toData(tensor.dataSync(), dtype)) }
      return last.values
    }
    this.#hostActions.push({ kind: 'value', input: input.name, compute })
    return input
  }

  /** Declares what the call read and assigned; assigned without being read counts as read. */
  #addStates(): Map<string, tf.Variable> {
    const variables = new Map<string, tf.Variable>()
    for (const { variable, isAssigned } of this.#held.assignments()) {
      if (!isAssigned && !this.#states.has(variable)) continue
      const input = this.#state(variable)
      const output = isAssigned ? this.#operand(variable) : null
      this.#builder.state(input, output, [{ name: variable.name, shape: variable.shape }])
      variables.set(variable.name, variable)
    }
    return variables
  }

  #tensorOf(value: Value): tf.Tensor {
    return this.#engine.makeTensorFromTensorInfo(this.#infoOf(value))
  }

  #infoOf(value: Value): TensorInfo {
    return { dataId: this.#backend.hold(value), shape: [...value.shape], dtype: fromDType(value.dtype) }
  }
}

function tooLarge(name: string): CompileError {
  return new CompileError(
    `${name}: expected a step of at most ${limits.graphNodes} operations, got more. Do less in one step, or run it eagerly.`,
  )
}
