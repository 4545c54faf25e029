/** What a tensor is, apart from its arithmetic: its values, its gradient, and how both are read. */
import { programLine } from '../eager/origin'
import { bringBackParked, goneTensor, isGone } from '../eager/parking'
import { withoutRecording } from '../eager/tape'
import { activeTrace, guard, outsideTrace, type ActiveTrace } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import { newestNow } from '../eager/variableSource'
import type { ImageShape } from '../nn/weights'
import { assertNoArguments, type NoArguments } from '../util/parameters'
import type { Shape } from '../util/shapes'
import { execute, isGradEnabled, registerLeaf, type Leaf } from './autograd'
import { assertSameShape } from './axes'
import { inverseLayout, rowByRow, type Layout, type Relayout } from './layouts'
import { printTensor } from './printTensor'
import { assignValues, SharedValues } from './sharedValues'
import { arrivedValue, StepResult } from './stepResult'
import * as wrong from './tensorErrors'
import { putInto, taken, type View } from './viewed'

/** A constant, a leaf that receives gradients, or a result that passes them on. */
export type TensorKind = 'constant' | 'leaf' | 'result'

type Compute = (value: tf.Tensor) => tf.Tensor

/** Sees the gradient of a tensor; what it returns, if anything, takes its place. */
export type TensorHook = (gradient: Tensor) => Tensor | undefined

/** Changes the values of a tensor in place; the shape stays. Throws AutogradError where a graph needs the old ones. */
export let changeInPlace: (tensor: Tensor, where: string, compute: (value: tf.Tensor) => tf.Tensor) => Tensor

/** What holds the values: a tensor, or a result of a compiled step. Throws ArgumentError where they are gone. */
export let holderOf: (tensor: Tensor) => tf.Tensor | StepResult

/** A tensor: its values, and whether gradients end at it. Its operations are methods that `tensor.ts` adds. */
export class Tensor implements Leaf {
  static {
    changeInPlace = (tensor, where, compute) => tensor.#changeInPlace(where, compute)
    holderOf = (tensor) => tensor.#holder()
  }

  /** The row at a position: x[0], x[-1]. */
  readonly [position: number]: Tensor
  /** Set where rows are flattened images, whose order the layouts differ on; see `ModelWeights`. @internal */
  flattenedFrom: ImageShape | undefined
  #value: tf.Tensor | StepResult
  #kind: TensorKind
  /** What `detach()` gave refers to the values too; null while nothing does. */
  #shared: SharedValues | null = null
  #grad: Tensor | null = null
  /** The program holds `grad` itself, which then outlives what takes its place. */
  #isGradSeen = false
  /** The trace in which `grad` was set last; null outside of any. */
  #gradSetIn: ActiveTrace | null = null
  #kindReadIn: ActiveTrace | null = null
  /** What it shares its values with; null for what has its own. */
  #view: View<Tensor> | null = null
  /** How often its values were changed in place. */
  #version = 0
  /** It is an argument of a function that is traced. */
  #isArgument = false

  constructor(value: tf.Tensor | StepResult, kind: TensorKind = 'constant') {
    if (!(value instanceof StepResult || value instanceof tf.Tensor)) throw wrong.notMade(value)
    this.#value = value
    this.#kind = kind
    if (kind === 'leaf' && value instanceof tf.Tensor) registerLeaf(value, this)
  }

  /** The tfjs tensor. Throws ArgumentError when it is gone, or comes from a step that has not run yet. @internal */
  get value(): tf.Tensor {
    if (this.#value instanceof StepResult) return arrivedValue(this.#value)
    this.#assertLive()
    const value = this.#newest(this.#value)
    const trace = activeTrace()
    return trace ? this.#valueIn(trace, value) : value
  }

  /** The same where it is there, null otherwise; no trace is told of the read. @internal */
  peek(): tf.Tensor | null {
    const value = this.#value instanceof StepResult ? this.#value.value : this.#value
    return value && !isGone(value) ? value : null
  }

  #newest(value: tf.Tensor): tf.Tensor {
    this.#shared?.update(value)
    if (value.isDisposed) bringBackParked(value)
    return value
  }

  /** A step that is traced takes the values from here, also those of later steps. */
  #valueIn(trace: ActiveTrace, value: tf.Tensor): tf.Tensor {
    const isOwn = value instanceof tf.Variable || trace.isSymbolic(value)
    if (!isOwn && this.#shared?.holder instanceof tf.Variable) return this.#shared.traced()
    const read = () => (this.#value instanceof StepResult || this.isFreed ? value : this.#newest(this.#value))
    trace.comesFrom(value, this, { name: 'tensor', line: programLine(), read })
    return value
  }

  /** Another object when the values have changed. @internal */
  get version(): object {
    if (this.#value instanceof StepResult) return this.#value
    if (this.#view) this.#refresh(this.#view)
    this.#shared?.update(this.#value)
    return this.#value.dataId
  }

  /** Whether its values are gone. Not in PyTorch. */
  get isFreed(): boolean {
    return !(this.#value instanceof StepResult) && isGone(this.#value)
  }

  /** The size of each dim. */
  get shape(): Shape {
    return this.#value.shape
  }

  /** The type of the elements. */
  get dtype(): tf.DataType {
    return this.#value.dtype
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length
  }

  /** Whether gradients with respect to this tensor are computed. Set it to false to freeze a parameter. */
  get requiresGrad(): boolean {
    const trace = activeTrace()
    if (trace && this.#kindReadIn !== trace && this.#value instanceof tf.Variable) {
      // A graph is made for what is frozen now.
      this.#kindReadIn = trace
      guard('requiresGrad', () => this.#kind !== 'constant')
    }
    return this.#kind !== 'constant'
  }

  set requiresGrad(isRequired: boolean) {
    if (isRequired === (this.#kind !== 'constant')) return
    if (this.#kind === 'result') throw wrong.notALeaf()
    if (isRequired && this.dtype !== 'float32') throw wrong.notReal(this.dtype)
    this.#kind = isRequired ? 'leaf' : 'constant'
    if (isRequired) registerLeaf(this.value, this)
  }

  /**
   * The variable that holds the values of a leaf, which optimizers change: made when first asked for. Throws
   * AutogradError for what was computed.
   * @internal
   */
  get variable(): tf.Variable {
    const { value } = this
    if (value instanceof tf.Variable) return value
    if (this.#kind !== 'leaf') throw wrong.learnsNothing()
    return this.#toVariable(value)
  }

  #toVariable(value: tf.Tensor): tf.Variable {
    if (this.#view) this.#swapWith(this.#view)
    const variable = this.#shared?.toVariable() ?? outsideTrace(() => tf.variable(value))
    activeTrace()?.becomes(value, variable)
    this.#replaceValue(variable)
    return variable
  }

  /** Holds the values from now on, of which the whole becomes a view. Throws AutogradError where it has others besides. */
  #swapWith({ whole, layout }: View<Tensor>): void {
    const inverse = inverseLayout(layout, whole.shape)
    if (inverse === null || whole.requiresGrad || whole.#view || whole.#value instanceof tf.Variable)
      throw wrong.partThatLearns()
    this.#view = null
    whole.#view = { whole: this, layout: inverse, cutsGraph: true, seen: null }
  }

  /** Changes the values in place; the shape stays. Throws AutogradError where a graph needs the old ones. */
  #changeInPlace(where: string, compute: Compute): this {
    if (this.#kind === 'result' && isGradEnabled()) throw wrong.neededAsItIs(where)
    if (this.requiresGrad && isGradEnabled()) throw wrong.changedWhileRecorded(where)
    return this.#write(where, compute)
  }

  #write(where: string, compute: Compute): this {
    if (this.#isArgument && activeTrace()) throw wrong.changedArgument(where)
    if (this.#view) return this.#writeThrough(this.#view, where, compute)
    const target = this.#changeable()
    const changed = tf.tidy(() => compute(this.value))
    assignValues(target, changed)
    changed.dispose()
    this.#version++
    return this
  }

  /** Changes the values where they are; the view takes them from there when it is read. */
  #writeThrough({ whole, layout, cutsGraph }: View<Tensor>, where: string, compute: Compute): this {
    const put = (values: tf.Tensor) => putInto(values, layout, compute(this.value))
    if (cutsGraph) whole.#write(where, put)
    else whole.#changeInPlace(where, put)
    return this
  }

  /** Makes it a view of `whole`, or of what this is a view of: what changes either in place changes both. @internal */
  shareWith(whole: Tensor, relayout: Relayout, cutsGraph = false): this {
    // Gradients of a leaf end at it, although it may be a view.
    const outer = whole.#kind === 'leaf' ? null : whole.#view
    const layout = relayout(outer?.layout ?? rowByRow(whole.shape))
    if (layout === null) return this
    const base = outer?.whole ?? whole
    const cuts = cutsGraph || outer?.cutsGraph === true
    this.#view = { whole: base, layout, cutsGraph: cuts, seen: base.#stamp() }
    return this
  }

  /** Where its values are in the tensor that it is a view of; null for what has its own. @internal */
  get layout(): Layout | null {
    return this.#view?.layout ?? null
  }

  /** Says that a caller has the values of this argument of a traced function. @internal */
  markAsArgument(): this {
    this.#isArgument = true
    return this
  }

  /** Another one for each change of the values. */
  #stamp(): unknown {
    if (this.#view) this.#refresh(this.#view)
    const holder = this.#shared?.holder ?? this.#value
    if (holder instanceof tf.Variable && !activeTrace()) newestNow(holder as tf.Variable)
    return holder instanceof tf.Variable || this.#shared ? (holder as tf.Tensor).dataId : this.#version
  }

  /** Takes the values of the whole where these are others by now. */
  #refresh(view: View<Tensor>): void {
    if (view.whole.isFreed) return
    const stamp = view.whole.#stamp()
    const own = this.#value as tf.Tensor
    const trace = activeTrace()
    // A step that is traced knows the values of the whole, and what it makes of them.
    const isFromOutside = trace !== null && !trace.isSymbolic(own)
    if (stamp === view.seen && !isFromOutside) return
    const values = this.#takenFrom(view)
    if (isFromOutside) {
      const { seen } = view
      trace.onEnd(() => {
        this.#replaceValue(own)
        view.seen = seen
        values.dispose()
      })
      this.#replaceValue(tf.keep(values))
    } else if (this.#kind === 'result') {
      // Graphs that went through the earlier values need these.
      this.#replaceValue(values)
    } else {
      assignValues(this.#shared?.holder ?? own, values)
      values.dispose()
    }
    view.seen = stamp
    this.#version++
  }

  #takenFrom({ whole, layout }: View<Tensor>): tf.Tensor {
    const take = () => taken(whole.value, layout)
    return this.#kind === 'result' ? execute(true, take) : withoutRecording(() => tf.tidy(take))
  }

  /** The tensor that holds the values where they may be changed. */
  #changeable(): tf.Tensor {
    // A result of a compiled step stays what it was; a graph takes what it changes as a state.
    if (this.#value instanceof StepResult) this.#value = this.value
    const value = this.#newest(this.#value)
    const trace = activeTrace()
    if (value instanceof tf.Variable || trace?.isSymbolic(value)) return value
    return trace ? this.#toVariable(value) : (this.#shared?.holder ?? value)
  }

  /** The same values, cut off from the graph: what changes either in place changes both. Source: torch.Tensor.detach. */
  detach(...given: NoArguments): Tensor {
    assertNoArguments('detach', given)
    const detached = new Tensor(this.#value instanceof StepResult ? this.#value : this.#sharedValue())
    detached.flattenedFrom = this.flattenedFrom
    if (activeTrace() || this.#view) return detached.shareWith(this, (layout) => layout, true)
    detached.#shared = this.#shared
    return detached
  }

  #sharedValue(): tf.Tensor {
    const { value } = this
    if (activeTrace() || this.#view) return withoutRecording(() => tf.clone(value))
    this.#shared ??= new SharedValues(value, this.#kind === 'result')
    return this.#shared.share()
  }

  /** The values without graph, as `detach()` gives them; what is assigned is copied into them. */
  get data(): Tensor {
    return this.detach()
  }

  set data(values: Tensor) {
    assertSameShape('data', this.shape, values.shape)
    this.detach().#changeInPlace('data', (own) => tf.cast(values.value, own.dtype))
  }

  /** Keeps the values as they are now, whatever becomes of the variable that held them. @internal */
  letVariableGo(): void {
    const { value } = this
    this.#shared = null
    this.#view = null
    this.#value = withoutRecording(() => tf.clone(value))
  }

  #replaceValue(value: tf.Tensor): void {
    this.#value = value
    if (this.#kind === 'leaf') registerLeaf(value, this)
  }

  /** Whether the tensor was not computed from others that require grad. */
  get isLeaf(): boolean {
    return this.#kind !== 'result'
  }

  /** Sum of the gradients that backward() brought since this was last null. */
  get grad(): Tensor | null {
    this.#isGradSeen = true
    return this.#grad
  }

  set grad(grad: Tensor | null) {
    const earlier = this.#grad
    const trace = activeTrace()
    if (trace && this.#gradSetIn !== trace) trace.onEnd(() => this.#restoreGrad(earlier))
    else if (earlier && earlier !== grad) earlier.#letGo(this.#isGradSeen)
    this.#isGradSeen = grad !== null
    this.#gradSetIn = trace
    this.#grad = grad
  }

  /** The values of `grad`, for those who keep none of them. @internal */
  get gradient(): tf.Tensor | null {
    return this.#grad ? this.#grad.value : null
  }

  /** Adds to `grad`. @internal */
  accumulate(gradient: tf.Tensor): void {
    if (activeTrace() && this.#gradSetIn !== activeTrace()) throw wrong.outlivesStep()
    this.replaceGrad(this.#grad ? tf.add(this.#grad.value, gradient) : gradient)
  }

  /** Gives `grad` the values of a gradient that may belong to a scope; in place, where it is there already. @internal */
  replaceGrad(gradient: tf.Tensor): void {
    if (this.#grad) {
      assignValues(this.#grad.#changeable(), gradient)
      return
    }
    // A tfjs variable belongs to no scope: the gradient outlives its batch.
    this.grad = new Tensor(tf.variable(gradient, false))
    this.#isGradSeen = false
  }

  /** Of a gradient that another takes the place of: what nobody holds is freed, the rest belongs to the scope in use. */
  #letGo(isHeld: boolean): void {
    const { value } = this
    if (isHeld && value instanceof tf.Variable) this.#value = new SharedValues(value, false).share()
    if (!isHeld || value instanceof tf.Variable) value.dispose()
  }

  toString(...given: NoArguments): string {
    assertNoArguments('toString', given)
    const hasValue = !(this.#value instanceof StepResult) && !this.isFreed
    return printTensor(hasValue ? this.value : this.#value, this.#kind !== 'constant')
  }

  /** Called by JavaScript where an operator, a comparison or an `if` with one needs a primitive value. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    if (activeTrace()) this.value.dataSync()
    throw wrong.usedAsNumber()
  }

  /** Throws ArgumentError when the values are gone. */
  #assertLive(): void {
    if (this.#view) this.#refresh(this.#view)
    if (this.isFreed) throw goneTensor()
  }

  #holder(): tf.Tensor | StepResult {
    if (this.#value instanceof StepResult) return this.#value
    this.#assertLive()
    return activeTrace() ? this.value : (this.#shared?.holder ?? this.#value)
  }

  /** After a trace: the gradient is what it was before. */
  #restoreGrad(earlier: Tensor | null): void {
    this.#grad = earlier
    this.#gradSetIn = null
    this.#isGradSeen = true
  }
}
