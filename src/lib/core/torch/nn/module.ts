/** The base of all modules: finds parameters, buffers and children among its own fields, in the order of assignment. */
import { inLayer, programLine } from '../../eager/origin'
import { activeTrace, guard, type ActiveTrace } from '../../eager/tracing'
import type { ModelWeights } from '../../nn/weights'
import { callable, taking, text } from '../../util/kinds'
import { assertNoArguments, parameters, type Given, type NoArguments } from '../../util/parameters'
import { answerUnknown } from '../../util/unknownNames'
import { assertDevice } from '../device'
import { moduleAnswers } from '../otherNames'
import { Buffer, clearGradient, Parameter } from '../parameter'
import type { RemovableHandle, Tensor } from '../tensor'
import { defineBuffer } from './bufferField'
import { addHook, withHooks, type Hooks } from './hooks'
import { distinct, type Listing } from './listing'
import { parametersOf } from './moduleParameters'
import { keepParameters } from './parameterField'
import { printModule, printSettings } from './printModule'
import {
  fromModelWeights,
  fromStateDict,
  isModelWeights,
  keysOf,
  readWeights,
  takeOver,
  type IncompatibleKeys,
} from './stateDict'

/** What a module's `forward` may take. */
export type ModuleInput = Tensor | readonly Tensor[] | Readonly<Record<string, unknown>> | null | undefined

/** A module. */
export const module = taking<Module<unknown>>(
  'a module',
  (value) => value instanceof Module,
  'Pass a module, such as new nn.Linear(2, 8).',
)

/** Reads the arguments of addModule. */
export const addedModule = parameters('Module.addModule', { name: text, module })

const applied = parameters('Module.apply', {
  /** Called with every module. */
  fn: callable<(module: Module<unknown>) => void>(),
})

/** What containers take to add a module. */
export type AddedModule = Given<typeof addedModule.table>

/** Called after `forward`; what it returns, if anything, takes the place of the output. */
type ForwardHook<Output> = (
  module: Module<Output>,
  inputs: readonly ModuleInput[],
  output: Output,
) => Output | undefined

/** Called before `forward`; what it returns, if anything, takes the place of the inputs. */
type ForwardPreHook<Output> = (module: Module<Output>, inputs: readonly ModuleInput[]) => ModuleInput

type Reads<Name extends keyof typeof parametersOf> = Given<(typeof parametersOf)[Name]['table']>

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
  #hooks: Hooks | null = null

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
  namedChildren(...given: NoArguments): [string, Module<unknown>][] {
    assertNoArguments('Module.namedChildren', given)
    return distinct(this.childrenByName())
  }

  /** Children under each of their names. */
  protected childrenByName(): [string, Module<unknown>][] {
    return this.#fields((value): value is Module<unknown> => value instanceof Module)
  }

  /** Direct children. */
  children(...given: NoArguments): Module<unknown>[] {
    assertNoArguments('Module.children', given)
    return this.namedChildren().map(([, child]) => child)
  }

  /** This module and all below it, named by the path of fields; this one is ''. A shared one is listed once. */
  namedModules(...given: Reads<'namedModules'>): [string, Module<unknown>][] {
    const { prefix: start, removeDuplicate: isUnique } = parametersOf.namedModules.read(given)
    const all = this.#allModules(start)
    return isUnique ? distinct(all) : all
  }

  #allModules(path: string): [string, Module<unknown>][] {
    const below = this.childrenByName().flatMap(([name, child]) =>
      child.#allModules(path === '' ? name : `${path}.${name}`),
    )
    return [[path, this], ...below]
  }

  /** This module and all below it. A shared one is listed once. */
  modules(...given: Reads<'modules'>): Module<unknown>[] {
    return this.namedModules(parametersOf.modules.read(given)).map(([, each]) => each)
  }

  /** Calls `fn` with every module below this one and then with this one, such as to initialise weights. */
  apply(...given: Given<typeof applied.table>): this {
    const { fn } = applied.read(given)
    for (const child of this.children()) child.apply(fn)
    fn(this)
    return this
  }

  /** Makes a module a child, as a field does. */
  addModule(...given: AddedModule): void {
    const { name, module: value } = addedModule.read(given)
    Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true })
  }

  /** Makes a parameter one of this module's, as a field does. */
  registerParameter(...given: Reads<'registerParameter'>): void {
    const { name, param: value } = parametersOf.registerParameter.read(given)
    Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true })
  }

  /** The module itself: everything is on the lane's backend, in float32. */
  to(...given: Reads<'to'>): this {
    const { device } = parametersOf.to.read(given)
    assertDevice('Module.to', [device])
    return this
  }

  /** Keeps a tensor as part of the state, without learning it, as the field `name`. */
  registerBuffer(...given: Reads<'registerBuffer'>): void {
    const { name, tensor, persistent } = parametersOf.registerBuffer.read(given)
    defineBuffer(this, name, tensor && new Buffer(tensor, { persistent }))
  }

  /** Sets `requiresGrad` of all parameters: false freezes them. */
  requiresGrad_(...given: Reads<'requiresGrad'>): this {
    const { requiresGrad } = parametersOf.requiresGrad.read(given)
    for (const parameter of this.parameters()) parameter.requiresGrad = requiresGrad
    return this
  }

  /** All parameters, named by the path of fields: `0.weight`. A shared one is listed once. */
  namedParameters(...given: Reads<'namedParameters'>): [string, Parameter][] {
    return this.namedState(parametersOf.namedParameters.read(given)).filter(
      (entry): entry is [string, Parameter] => entry[1] instanceof Parameter,
    )
  }

  /** What the module keeps track of without learning it, named likewise: `1.runningMean`. */
  namedBuffers(...given: Reads<'namedBuffers'>): [string, Buffer][] {
    return this.namedState(parametersOf.namedBuffers.read(given)).filter(
      (entry): entry is [string, Buffer] => entry[1] instanceof Buffer,
    )
  }

  /** Parameters and buffers in the order of a state dict: of each module the parameters, the buffers, the children's. */
  protected namedState({ prefix: start = '', ...listing }: Listing = {}): [string, Parameter | Buffer][] {
    const all = this.#allState(start === '' ? '' : `${start}.`, listing.recurse ?? true)
    return (listing.removeDuplicate ?? true) ? distinct(all) : all
  }

  #allState(start: string, isDeep: boolean): [string, Parameter | Buffer][] {
    keepParameters(this)
    const own: [string, Parameter | Buffer][] = [
      ...this.#fields((value) => value instanceof Parameter),
      ...this.#fields((value) => value instanceof Buffer),
    ]
    const below = isDeep ? this.childrenByName() : []
    return [
      ...own.map(([name, tensor]): [string, Parameter | Buffer] => [start + name, tensor]),
      ...below.flatMap(([name, child]) => child.#allState(`${start}${name}.`, isDeep)),
    ]
  }

  /** What the module keeps track of without learning it. */
  buffers(...given: Reads<'buffers'>): Buffer[] {
    return this.namedBuffers(parametersOf.buffers.read(given)).map(([, buffer]) => buffer)
  }

  /** All parameters in the order of construction. */
  parameters(...given: Reads<'parameters'>): Parameter[] {
    return this.namedParameters(parametersOf.parameters.read(given)).map(([, parameter]) => parameter)
  }

  /** Switches this module and its children to training, or with false to evaluation. */
  train(...given: Reads<'train'>): this {
    const { mode } = parametersOf.train.read(given)
    this.training = mode
    for (const [, child] of this.namedChildren()) child.train(mode)
    return this
  }

  /** Switches this module and its children to evaluation. */
  eval(...given: NoArguments): this {
    assertNoArguments('Module.eval', given)
    return this.train(false)
  }

  /** Sets the gradient of every parameter to null. */
  zeroGrad(...given: Reads<'zeroGrad'>): void {
    const { setToNone } = parametersOf.zeroGrad.read(given)
    for (const parameter of this.parameters()) clearGradient(parameter, setToNone)
  }

  /**
   * Parameters and buffers by name, detached: later changes show in them, as in PyTorch. A shared one comes under each of its
   * names.
   */
  stateDict(...given: Reads<'stateDict'>): Record<string, Tensor> {
    const { prefix: start, keepVars } = parametersOf.stateDict.read(given)
    const named = this.#persistentState({ removeDuplicate: false })
    return Object.fromEntries(
      named.map(([name, tensor]) => [start + name, keepVars ? tensor : tensor.detach()]),
    )
  }

  /**
   * Takes over weights: by name from a state dict, by position and in either layout from `ModelWeights`. Gives the names
   * that did not fit, if they need not. Throws ArgumentError or ShapeError naming the first that does not fit, before any is
   * changed.
   */
  loadStateDict(...given: Reads<'loadStateDict'>): IncompatibleKeys {
    const { stateDict: state, strict } = parametersOf.loadStateDict.read(given)
    const isByPosition = isModelWeights(state)
    const named = this.#persistentState({ removeDuplicate: isByPosition })
    const keys = isByPosition ? { missingKeys: [], unexpectedKeys: [] } : keysOf(state, named, strict)
    takeOver(named, () => (isByPosition ? fromModelWeights(state, named) : fromStateDict(state, named)))
    return keys
  }

  /** What a state dict has. */
  #persistentState(listing: Listing): [string, Parameter | Buffer][] {
    return this.namedState(listing).filter(([, tensor]) => !(tensor instanceof Buffer) || tensor.persistent)
  }

  /** All parameters and buffers as they are at the call, copied to the host in PyTorch's layout. */
  weights(): Promise<ModelWeights> {
    return readWeights(this.#persistentState({}))
  }

  /** Calls `hook` after every forward of this module. Source: torch.nn.Module.register_forward_hook. */
  registerForwardHook(hook: ForwardHook<Output>, ...options: Reads<'registerForwardHook'>): RemovableHandle {
    const given = parametersOf.registerForwardHook.read([hook, ...options])
    return addHook(this.#hooked().after, given.hook as Hooks['after'][number], given.prepend)
  }

  /** Calls `hook` with the inputs before every forward; inputs that it returns take their place. Source: torch.nn.Module.register_forward_pre_hook. */
  registerForwardPreHook(
    hook: ForwardPreHook<Output>,
    ...options: Reads<'registerForwardPreHook'>
  ): RemovableHandle {
    const given = parametersOf.registerForwardPreHook.read([hook, ...options])
    return addHook(this.#hooked().before, given.hook as Hooks['before'][number], given.prepend)
  }

  /** The hooks of this module; the first one puts a forward in place that calls them. */
  #hooked(): Hooks {
    if (this.#hooks) return this.#hooks
    const hooks: Hooks = { before: [], after: [] }
    const value = withHooks(this, this.forward.bind(this), hooks)
    Object.defineProperty(this, 'forward', { value, configurable: true, writable: true })
    return (this.#hooks = hooks)
  }

  /** What the module is made of, as PyTorch prints it. */
  toString(...given: NoArguments): string {
    assertNoArguments('Module.toString', given)
    return printModule(this.constructor.name, this.childrenByName(), () => this.extraRepr())
  }

  /** The sizes and settings that toString() shows. Source: torch.nn.Module.extra_repr. */
  extraRepr(...given: NoArguments): string {
    assertNoArguments('Module.extraRepr', given)
    return printSettings(this)
  }

  /** Runs the kernels of a layer of that class under the name `0 Linear`. */
  protected inLayer<T>(className: string, run: () => T): T {
    return inLayer(this.#named(className), this.#line, run)
  }

  #named(className: string): string {
    return this.#path === '' ? className : `${this.#path} ${className}`
  }

  #fields<T>(isWanted: (value: unknown) => value is T): [string, T][] {
    return Object.entries(this).flatMap(([name, value]: [string, unknown]): [string, T][] =>
      isWanted(value) ? [[name, value]] : [],
    )
  }
}

answerUnknown(Module.prototype, moduleAnswers)
