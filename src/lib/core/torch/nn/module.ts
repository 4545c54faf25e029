/** The base of all modules: finds parameters, buffers and children among its own fields, in the order of assignment. */
import type { NdArray } from '../../data/types'
import { inLayer, programLine } from '../../eager/origin'
import { readBack } from '../../eager/readBack'
import { activeTrace, guard, type ActiveTrace } from '../../eager/tracing'
import { tf } from '../../eager/tfjs'
import type { ImageShape, ModelWeights, Weight } from '../../nn/weights'
import { matchWeights, type ExpectedWeight } from '../../nn/weightLayouts'
import { ArgumentError } from '../../util/errors'
import { isSameShape, printShape, type Shape } from '../../util/shapes'
import { assertDevice } from '../device'
import { Buffer, Parameter } from '../parameter'
import { Tensor, type RemovableHandle } from '../tensor'

/** What a module's `forward` may take. */
export type ModuleInput = Tensor | readonly Tensor[] | undefined

/** Called after `forward`; what it returns, if anything, takes the place of the output. */
export type ForwardHook<Output = Tensor> = (
  module: Module<Output>,
  inputs: readonly ModuleInput[],
  output: Output,
) => Output | undefined

/** Called before `forward`; what it returns, if anything, takes the place of the inputs. */
export type ForwardPreHook<Output = Tensor> = (
  module: Module<Output>,
  inputs: readonly ModuleInput[],
) => ModuleInput

/** Values by name of parameter or buffer, as `stateDict()` gives them. */
export type StateDict = Readonly<Record<string, Tensor | NdArray>>

/** New values of one parameter; the tensor belongs to the caller's scope. */
interface Incoming {
  readonly value: tf.Tensor
  readonly flattenedFrom?: ImageShape | undefined
}

/**
 * Subclass it, make other modules and parameters its fields, and write `forward`. `Output` is a tensor but for modules
 * that return more than one, such as LSTM. Source: torch.nn.Module.
 */
export abstract class Module<Output = Tensor> {
  #isTraining = true
  /** The trace in progress if it set the mode, or depends on it already: what it reads then is no further condition. */
  #modeKnownIn: ActiveTrace | null = null
  /** The trace in progress if its graph depends on the fields already. */
  #guardedIn: ActiveTrace | null = null
  readonly #line = programLine()
  #path = ''

  /** True while training; Dropout drops only then. Set by train() and eval(). A graph holds for one of both. */
  get training(): boolean {
    const trace = activeTrace()
    if (trace && trace !== this.#modeKnownIn) {
      guard(`${this.#named(this.constructor.name)}.training`, () => this.#isTraining)
      this.#knowModeIn(trace)
    }
    return this.#isTraining
  }

  set training(isTraining: boolean) {
    const set = () => void (this.#isTraining = isTraining)
    set()
    const trace = activeTrace()
    if (!trace) return
    this.#knowModeIn(trace)
    // A replayed call leaves modules in the mode that it would leave them in itself.
    trace.eachStep(set)
  }

  #knowModeIn(trace: ActiveTrace): void {
    this.#modeKnownIn = trace
    trace.onEnd(() => (this.#modeKnownIn = null))
  }

  /** Makes what the fields are, such as `p` of Dropout, a condition of the graph that is traced: each value has a graph of its own. */
  guardFields(): void {
    const trace = activeTrace()
    if (!trace || this.#guardedIn === trace) return
    this.#guardedIn = trace
    trace.onEnd(() => (this.#guardedIn = null))
    const own = this as Readonly<Record<string, unknown>>
    const label = this.#named(this.constructor.name)
    const names = Object.keys(this).filter((name) => name !== 'className')
    for (const name of names) guard(`${label}.${name}`, () => own[name])
  }

  abstract forward(...inputs: readonly ModuleInput[]): Output

  /** Sets where in a model the module stands, such as `0` or `encoder.0`: part of its name in graphs. */
  place(path: string): void {
    this.#path = path
    for (const [name, child] of this.namedChildren()) child.place(`${path}.${name}`)
  }

  /** Direct children with their field names; one with several names comes once. */
  namedChildren(): [string, Module<unknown>][] {
    return distinct(this.childrenByName())
  }

  /** Children under each of their names. */
  protected childrenByName(): [string, Module<unknown>][] {
    return this.#fields((value): value is Module<unknown> => value instanceof Module)
  }

  /** Direct children. */
  children(): Module<unknown>[] {
    return this.namedChildren().map(([, child]) => child)
  }

  /** This module and all below it, each once, named by the path of fields; this one is ''. */
  namedModules(prefix = ''): [string, Module<unknown>][] {
    const below = this.namedChildren().flatMap(([name, child]) =>
      child.namedModules(prefix === '' ? name : `${prefix}.${name}`),
    )
    return distinct([[prefix, this], ...below])
  }

  /** This module and all below it. */
  modules(): Module<unknown>[] {
    return this.namedModules().map(([, module]) => module)
  }

  /** Calls `change` with every module below this one and then with this one, such as to initialise weights. */
  apply(change: (module: Module<unknown>) => void): this {
    for (const child of this.children()) child.apply(change)
    change(this)
    return this
  }

  /** Makes a module a child, as a field does. */
  addModule(name: string, module: Module<unknown>): void {
    Object.defineProperty(this, name, { value: module, enumerable: true, configurable: true, writable: true })
  }

  /** Makes a parameter one of this module's, as a field does. */
  registerParameter(name: string, parameter: Parameter): void {
    Object.defineProperty(this, name, {
      value: parameter,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }

  /** The module itself: everything is on the lane's backend. */
  to(...device: unknown[]): this {
    assertDevice('Module.to', device)
    return this
  }

  /** Keeps a tensor as part of the state, without learning it, as the field `name`. */
  registerBuffer(name: string, value: Tensor): void {
    Object.defineProperty(this, name, { value: new Buffer(value), enumerable: true, configurable: true })
  }

  /** Sets `requiresGrad` of all parameters: false freezes them. */
  requiresGrad_(isRequired = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = isRequired
    return this
  }

  /** All parameters, named by the path of fields: `0.weight`. A shared one is listed once. */
  namedParameters(prefix = ''): [string, Parameter][] {
    return distinct(this.namedState(prefix)).filter(
      (entry): entry is [string, Parameter] => entry[1] instanceof Parameter,
    )
  }

  /** What the module keeps track of without learning it, named likewise: `1.runningMean`. */
  namedBuffers(prefix = ''): [string, Buffer][] {
    return distinct(this.namedState(prefix)).filter(
      (entry): entry is [string, Buffer] => entry[1] instanceof Buffer,
    )
  }

  /**
   * Parameters and buffers in the order of a state dict: of each module the parameters, the buffers, the children's. One that
   * has several names comes under each of them.
   */
  protected namedState(prefix: string): [string, Parameter | Buffer][] {
    const own: [string, Parameter | Buffer][] = [
      ...this.#fields((value) => value instanceof Parameter),
      ...this.#fields((value) => value instanceof Buffer),
    ]
    const named = own.map(([name, tensor]): [string, Parameter | Buffer] => [prefix + name, tensor])
    for (const [name, child] of this.childrenByName()) named.push(...child.namedState(`${prefix}${name}.`))
    return named
  }

  /** What the module keeps track of without learning it. */
  buffers(): Buffer[] {
    return this.namedBuffers().map(([, buffer]) => buffer)
  }

  /** All parameters in the order of construction. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter)
  }

  /** Switches this module and its children to training, or with false to evaluation. */
  train(isTraining = true): this {
    this.training = isTraining
    for (const [, child] of this.namedChildren()) child.train(isTraining)
    return this
  }

  /** Switches this module and its children to evaluation. */
  eval(): this {
    return this.train(false)
  }

  /** Sets the gradient of every parameter to null. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null
  }

  /**
   * Parameters and buffers by name, detached: later changes show in them, as in PyTorch. A shared one comes under each of its
   * names.
   */
  stateDict(): Record<string, Tensor> {
    return Object.fromEntries(this.namedState('').map(([name, tensor]) => [name, tensor.detach()]))
  }

  /**
   * Takes over weights: by name from a state dict, by position and in either layout from `ModelWeights`.
   * Throws ArgumentError or ShapeError naming the first that does not fit, before any is changed.
   */
  loadStateDict(state: ModelWeights | StateDict): void {
    const all = this.namedState('')
    const named = isModelWeights(state) ? distinct(all) : all
    tf.tidy(() => {
      const incoming = isModelWeights(state) ? this.#fromModelWeights(state) : fromStateDict(state, all)
      for (const [index, [, tensor]] of named.entries()) {
        const weight = incoming[index]
        if (!weight) continue
        tensor.variable.assign(weight.value)
        tensor.flattenedFrom ??= weight.flattenedFrom
      }
    })
  }

  /** All parameters and buffers as they are at the call, copied to the host in PyTorch's layout. */
  async weights(): Promise<ModelWeights> {
    // All reads begin at once, so that no update comes between two of them.
    const reading = distinct(this.namedState('')).map(
      async ([name, { shape, value, flattenedFrom, isEmbedding, recurrent }]) => ({
        name,
        shape,
        flattenedFrom,
        isEmbedding,
        recurrent,
        values: Float32Array.from(await readBack(value)),
      }),
    )
    return { layout: 'torch', weights: await Promise.all(reading) }
  }

  /** Calls `hook` after every forward of this module. Source: torch.nn.Module.register_forward_hook. */
  registerForwardHook(hook: ForwardHook<Output>): RemovableHandle {
    const forward = this.forward.bind(this)
    const withHook = (...inputs: ModuleInput[]) => {
      const output = forward(...inputs)
      return hooks.has(hook) ? (hook(this, inputs, output) ?? output) : output
    }
    const hooks = new Set([hook])
    Object.defineProperty(this, 'forward', { value: withHook, configurable: true, writable: true })
    return { remove: () => void hooks.delete(hook) }
  }

  /** Calls `hook` with the inputs before every forward; inputs that it returns take their place. Source: torch.nn.Module.register_forward_pre_hook. */
  registerForwardPreHook(hook: ForwardPreHook<Output>): RemovableHandle {
    const forward = this.forward.bind(this)
    const withHook = (...inputs: ModuleInput[]) => {
      const changed = hooks.has(hook) ? hook(this, inputs) : undefined
      if (changed === undefined) return forward(...inputs)
      return forward(...(Array.isArray(changed) ? (changed as ModuleInput[]) : [changed as Tensor]))
    }
    const hooks = new Set([hook])
    Object.defineProperty(this, 'forward', { value: withHook, configurable: true, writable: true })
    return { remove: () => void hooks.delete(hook) }
  }

  /** What the module is made of, as PyTorch prints it. */
  toString(): string {
    const children = this.childrenByName()
    if (children.length === 0) return `${this.constructor.name}(${this.extraRepr()})`
    const lines = children.map(([name, child]) => `  (${name}): ${String(child).replaceAll('\n', '\n  ')}`)
    return [`${this.constructor.name}(`, ...lines, ')'].join('\n')
  }

  /** The sizes and settings that toString() shows. Source: torch.nn.Module.extra_repr. */
  extraRepr(): string {
    const isShown = (value: unknown) => ['number', 'string', 'boolean'].includes(typeof value)
    return Object.entries(this)
      .filter(([, value]) => isShown(value) || isNumbers(value))
      .map(([name, value]) => `${name}=${isNumbers(value) ? printShape(value) : String(value)}`)
      .join(', ')
  }

  /** Runs the kernels of a layer of that class under the name `0 Linear`. */
  protected inLayer<T>(className: string, run: () => T): T {
    return inLayer(this.#named(className), this.#line, run)
  }

  #named(className: string): string {
    return this.#path === '' ? className : `${this.#path} ${className}`
  }

  #fromModelWeights(weights: ModelWeights): readonly Incoming[] {
    const expected = distinct(this.namedState('')).map(
      ([name, { shape, flattenedFrom, isEmbedding, recurrent }]): ExpectedWeight => {
        return { name, shape, flattenedFrom, isEmbedding, recurrent }
      },
    )
    return matchWeights('loadStateDict', weights, 'torch', expected).weights.map(fromWeight)
  }

  #fields<T>(isWanted: (value: unknown) => value is T): [string, T][] {
    return Object.entries(this).flatMap(([name, value]: [string, unknown]): [string, T][] =>
      isWanted(value) ? [[name, value]] : [],
    )
  }
}

/** What has several names under the first of them only. */
function distinct<T>(named: [string, T][]): [string, T][] {
  const seen = new Set<T>()
  return named.filter(([, value]) => !seen.has(value) && seen.add(value))
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number')
}

function isModelWeights(state: ModelWeights | StateDict): state is ModelWeights {
  return 'layout' in state && Array.isArray(state.weights)
}

function fromStateDict(state: StateDict, named: readonly [string, Tensor][]): Incoming[] {
  const names = named.map(([name]) => name)
  const missing = names.filter((name) => !(name in state))
  const unexpected = Object.keys(state).filter((name) => !names.includes(name))
  if (missing.length > 0 || unexpected.length > 0) {
    throw new ArgumentError(
      `loadStateDict: expected the keys ${names.join(', ')}, got ${Object.keys(state).join(', ')}. ` +
        'Load the state of a model with the same layers.',
    )
  }
  return named.map(([name, { shape }]) => fromEntry(name, shape, state[name]))
}

function fromEntry(name: string, expected: Shape, given: Tensor | NdArray | undefined): Incoming {
  if (given && isSameShape(given.shape, expected)) {
    // Tensors stay on the backend: reading them back would have to be awaited.
    return { value: given instanceof Tensor ? tf.cast(given.value, 'float32') : toTensor(given) }
  }
  throw new ArgumentError(
    `loadStateDict: expected shape ${printShape(expected)} for '${name}', ` +
      `got ${given ? printShape(given.shape) : 'nothing'}. Load the state of a model with the same layers.`,
  )
}

function fromWeight(weight: Weight): Incoming {
  return { value: toTensor(weight), flattenedFrom: weight.flattenedFrom }
}

function toTensor({ values, shape }: Pick<NdArray, 'values' | 'shape'>): tf.Tensor {
  return tf.tensor(Float32Array.from(values), [...shape], 'float32')
}

/** Has the modules of these classes, which are ours, guard their fields whenever their forward is traced. */
export function guardFieldsOf(classes: readonly unknown[]): void {
  for (const each of classes) {
    if (typeof each !== 'function' || !(each.prototype instanceof Module)) continue
    const prototype: Module<unknown> = each.prototype
    const forward = Reflect.get(prototype, 'forward') as (this: unknown, ...inputs: unknown[]) => unknown
    const guarded = function (this: Module<unknown>, ...inputs: unknown[]): unknown {
      if (activeTrace()) this.guardFields()
      return forward.apply(this, inputs)
    }
    Object.defineProperty(prototype, 'forward', { value: guarded, configurable: true, writable: true })
  }
}
