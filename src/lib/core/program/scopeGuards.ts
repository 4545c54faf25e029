/** What functions of a program read from outside of themselves, as conditions of the graphs that they are traced into. */
import { activeTrace, type ActiveTrace, type OutsideRead } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import { Model } from '../keras/index'
import { Layer } from '../keras/layers/layer'
import { nn, Tensor } from '../torch/index'
import { fieldsOf, isBuiltIn, isContainer } from '../util/content'
import { isInstance, readSafely } from '../util/describeValue'
import type { FunctionReads, ScopeRead } from './scopeReads'

/** Gives the value of a variable, as it is now. */
type Reader = () => unknown

/** Called at the beginning of function number `index` of those that read from outside. */
export type ScopeMarker = (index: number, readers?: () => readonly Reader[]) => void

/** What one trace was told already. */
interface Told {
  /** Functions that were entered: their variables belong to the step. */
  readonly entered: Set<number>
  /** Reads of variables of the module, which are the same whichever function reads them. */
  readonly reads: Set<string>
  /** Members of objects that were read, by path. */
  readonly members: WeakMap<object, Set<string>>
}

/** The marker of a program whose functions read this. Throws nothing. */
export function scopeMarker(functions: readonly FunctionReads[]): ScopeMarker {
  const traces = new WeakMap<ActiveTrace, Told>()
  return (index, readers) => {
    const trace = activeTrace()
    const reading = trace && functions[index]
    if (!reading) return
    const told = traces.get(trace) ?? { entered: new Set(), reads: new Set(), members: new WeakMap() }
    traces.set(trace, told)
    told.entered.add(reading.function)
    const roots = readers?.() ?? []
    for (const read of reading.reads) {
      const root = roots[read.root]
      if (!root || told.entered.has(read.owner)) continue
      // An object that cannot be asked anything is for the program to find.
      readSafely(() => tell(trace, told, read, root), undefined)
    }
  }
}

function tell(trace: ActiveTrace, told: Told, read: ScopeRead, root: Reader): void {
  // A variable that has no value yet throws: it is none.
  const { keys, value } = along(root(), read.path)
  if (isTold(told, read, root) || belongsToStep(trace, value)) return
  const current = () => follow(root(), keys)
  const outside = { name: read.name, line: read.line, read: current }
  if (value instanceof Tensor) {
    tellTensor(trace, read, outside)
    return
  }
  if (isGuarded(read, value)) trace.reads(outside)
  if (read.use === 'value' && hasFields(value)) trace.reads({ ...outside, read: () => fieldsNow(current()) })
}

/** Whether the value can differ at a later step, as far as this read is concerned. */
function isGuarded({ isFixed, path, use }: ScopeRead, value: unknown): boolean {
  const isConstant = isFixed && path.length === 0
  if (use === 'target') return !isConstant
  // Which object it is never changes, and what of it the step reads is told where that happens.
  return !isConstant || (use === 'value' ? isContainer(value) : isBuiltIn(value))
}

function isTold(told: Told, { isFixed, owner, name, path, use }: ScopeRead, root: Reader): boolean {
  const object = isFixed ? root() : null
  if (typeof object === 'object' && object !== null) {
    const members = told.members.get(object) ?? new Set()
    told.members.set(object, members)
    return hasOrAdd(members, JSON.stringify([path, use]))
  }
  // Of a function there may be many at once, each with its variables.
  return owner === 0 && hasOrAdd(told.reads, `${name} ${use}`)
}

function hasOrAdd(set: Set<string>, key: string): boolean {
  if (set.has(key)) return true
  set.add(key)
  return false
}

/** Symbolic tensors are made by the step itself. */
function belongsToStep(trace: ActiveTrace, value: unknown): boolean {
  const tensor = value instanceof Tensor ? value.peek() : value
  return tensor instanceof tf.Tensor && trace.isSymbolic(tensor as tf.Tensor)
}

/** Its values are an input as soon as they change; which graph it needs depends on its type. */
function tellTensor(trace: ActiveTrace, read: ScopeRead, outside: OutsideRead): void {
  const { name, line } = outside
  const tensorNow = () => {
    const value = outside.read()
    return value instanceof Tensor ? value.peek() : null
  }
  const typeNow = () => {
    const tensor = tensorNow()
    // A parameter is state of the graph: another one has another graph.
    if (tensor === null || tensor instanceof tf.Variable) return tensor
    return [tensor.dtype, ...tensor.shape]
  }
  if (!read.isFixed || read.path.length > 0) trace.reads({ name, line, read: typeNow })
  const tensor = tensorNow()
  if (tensor) trace.comesFrom(tensor, read, { name, line, read: () => tensorNow() ?? tensor })
}

/** Follows members as far as they are data: what our own objects and getters give is told by themselves. */
function along(
  start: unknown,
  path: ScopeRead['path'],
): { readonly keys: ScopeRead['path']; readonly value: unknown } {
  let value = start
  for (const [index, key] of path.entries()) {
    const isEnd =
      value === null || value === undefined || value instanceof tf.Tensor || value instanceof Tensor
    const property = isEnd ? undefined : propertyOf(Object(value) as object, key)
    if (isEnd || (property && !('value' in property))) return { keys: path.slice(0, index), value }
    value = property?.value
  }
  return { keys: path, value }
}

/** The same for members that were data: before every replayed step. */
function follow(start: unknown, keys: ScopeRead['path']): unknown {
  let value = start
  for (const key of keys) value = (value as Readonly<Record<string | number, unknown>> | null)?.[key]
  return value
}

function propertyOf(object: object, key: string | number): PropertyDescriptor | undefined {
  for (let each: unknown = object; typeof each === 'object' || typeof each === 'function';) {
    if (each === null) return undefined
    const property = Object.getOwnPropertyDescriptor(each, key)
    if (property) return property
    each = Object.getPrototypeOf(each)
  }
  return undefined
}

/** Layers, models and tensors tell by themselves what a step reads of them. */
const tellThemselves: readonly { readonly prototype: object }[] = [nn.Module, Model, Layer, Tensor, tf.Tensor]

/** Whether it is an object of a class, whose fields a function may read that is handed it. */
function hasFields(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || isContainer(value)) return false
  return !tellThemselves.some((each) => isInstance(value, each))
}

function fieldsNow(value: unknown): Readonly<Record<string, unknown>> | null {
  return hasFields(value) ? fieldsOf(value) : null
}
