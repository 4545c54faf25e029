/** `compile`: a function of tensors that is traced once per signature and replayed from then on, as `torch.compile`. */
import { withoutCounting } from '../eager/counters'
import { programLine } from '../eager/origin'
import { activeTrace } from '../eager/tracing'
import type { tf } from '../eager/tfjs'
import { currentRun } from '../events/currentRun'
import type { CompiledFunction } from '../session/compiledFunction'
import type { CompiledGraph } from '../session/compiledGraph'
import { currentSession } from '../session/session'
import { isPlainObject, withoutGradients } from '../session/signature'
import type { HostTensor } from '../session/types'
import { ArgumentError, UnsupportedOpError } from '../util/errors'
import { isGradEnabled } from './autograd'
import { Module } from './nn/module'
import { Buffer } from './parameter'
import { StepResult } from './stepResult'
import { Tensor } from './tensor'

export interface CompileOptions {
  /** Steps that one call of the runtime takes together; 1 when left out. Not in PyTorch. */
  readonly stepsPerExecution?: number
  /** How the function is called in ledgers and graphs. Not in PyTorch. */
  readonly name?: string
}

/** What a compiled function may return: a tensor, or an array or object of such. */
export type TensorTree = Tensor | readonly TensorTree[] | { readonly [key: string]: TensorTree }

/** How tensors are put back into what the function returned: positions in the list of results. */
type Structure = number | readonly Structure[] | { readonly [key: string]: Structure }

let compiledFunctions = 0

/**
 * Compiles a training or evaluation step. Tensors among the arguments, also inside of arrays and plain objects, become
 * inputs of the graph; any other argument is part of the signature and each new value, or object, makes a new graph. Parameters, optimizer slots and moving averages that
 * the function reads or changes are its state. What it returns has values when the step has run: await `.item()`.
 * Throws on the first call what the function throws, and TracedValueError where it reads a value.
 */
export function compile<A extends readonly unknown[], R extends TensorTree>(
  step: (...inputs: A) => R,
  { stepsPerExecution, name }: CompileOptions = {},
): (...inputs: A) => R {
  assertSteps(stepsPerExecution)
  if (typeof step !== 'function') {
    const given: unknown = step
    throw new ArgumentError(
      given instanceof Module
        ? 'compile: expected the step as a function, got a module. Its gradients belong to the graph: write ' +
            'compile((x, y) => { ... }) around zeroGrad, forward, backward and step.'
        : 'compile: expected a function, got something else. Write compile((x, y) => { ... }).',
    )
  }
  const ownName = step.name === '' ? declaredName() : step.name
  const label = name ?? ownName ?? `compiled_${++compiledFunctions}`
  const structures = new WeakMap<CompiledGraph, Structure>()
  let compiled: CompiledFunction | null = null
  return (...inputs: A): R => {
    // Inside of another traced function it is an ordinary call, as in PyTorch.
    if (activeTrace()) return step(...inputs)
    compiled ??= openFunction(label, stepsPerExecution)
    const tensors: Tensor[] = []
    const others = inputs.map((input) =>
      withTensors(input, (tensor) => {
        tensors.push(tensor)
        return 'tensor'
      }),
    )
    const traced: { structure?: Structure } = {}
    const body = (symbolic: readonly tf.Tensor[]) => {
      const rest = symbolic.map((tensor) => new Tensor(tensor))
      const given = inputs.map((input) => withTensors(input, () => rest.shift())) as unknown as A
      const results: tf.Tensor[] = []
      traced.structure = flatten(label, step(...given), results)
      return results
    }
    const guarded = others.every((other) => other === 'tensor') ? [] : others
    const pending = compiled.call(
      tensors.map(toHost),
      body,
      isGradEnabled() ? guarded : [...guarded, withoutGradients],
    )
    if (traced.structure !== undefined) structures.set(pending.graph, traced.structure)
    const structure = structures.get(pending.graph) ?? []
    return unflatten(structure, (index) => new Tensor(new StepResult(pending, index))) as R
  }
}

/** The same value with other things in the place of its tensors: of itself, or at any depth of arrays and plain objects. */
function withTensors(value: unknown, replace: (tensor: Tensor) => unknown): unknown {
  if (value instanceof Tensor) return replace(value)
  if (Array.isArray(value)) return value.map((entry) => withTensors(entry, replace))
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withTensors(entry, replace)]))
}

/** The name in `const name = compile(`. */
function declaredName(): string | undefined {
  return /(?:const|let|var)\s+([\w$]+)\s*=\s*compile\b/.exec(currentRun().lineText)?.[1]
}

function openFunction(name: string, stepsPerExecution: number | undefined): CompiledFunction {
  const session = currentSession()
  if (session) return session.compile(name, { stepsPerExecution })
  throw new UnsupportedOpError(
    'compile: expected a runtime for graphs, got none in this run. Run the program in a lane.',
  )
}

function assertSteps(stepsPerExecution: number | undefined): void {
  if (stepsPerExecution === undefined || (Number.isInteger(stepsPerExecution) && stepsPerExecution >= 1))
    return
  throw new ArgumentError(
    `compile: expected stepsPerExecution of 1 or more, got ${stepsPerExecution}. Set it to 1, or to 100 for small models.`,
  )
}

/** Arguments are read on the host, where the data loader made them. */
function toHost(tensor: Tensor): HostTensor {
  if (tensor.requiresGrad || tensor instanceof Buffer) {
    const what = tensor.requiresGrad ? 'a tensor that requires grad' : 'a buffer'
    throw new ArgumentError(
      `compile: expected arguments that are data, got ${what}. Use parameters and buffers inside the function.`,
    )
  }
  const { shape, dtype, value } = tensor
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new ArgumentError(
      `compile: expected numbers, got a ${dtype} tensor. Convert it with .float() or .long().`,
    )
  }
  return { shape, dtype, values: withoutCounting(() => value.dataSync<'float32' | 'int32' | 'bool'>()) }
}

function flatten(name: string, value: unknown, results: tf.Tensor[]): Structure {
  if (value instanceof Tensor) return results.push(value.value) - 1
  if (Array.isArray(value)) return value.map((entry: unknown) => flatten(name, entry, results))
  if (value === undefined || value === null) return []
  if (value instanceof Promise) {
    // Its rejection is the traced error that the trace itself reports.
    value.catch(() => undefined)
    throw new ArgumentError(
      `${name}: expected a plain function, got an async one on line ${programLine()}. ` +
        'Values cannot be awaited inside a compiled step: return the tensor and await it outside.',
    )
  }
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, flatten(name, entry, results)]),
    )
  }
  throw new ArgumentError(
    `${name}: expected a tensor, or an array or object of tensors, to be returned, got a ${typeof value}. ` +
      'A number would be the same at every step.',
  )
}

function unflatten(structure: Structure, make: (index: number) => Tensor): TensorTree {
  if (typeof structure === 'number') return make(structure)
  if (Array.isArray(structure))
    return (structure as readonly Structure[]).map((entry) => unflatten(entry, make))
  const entries = Object.entries(structure as Readonly<Record<string, Structure>>)
  return Object.fromEntries(entries.map(([key, entry]) => [key, unflatten(entry, make)]))
}
