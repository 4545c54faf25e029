/** `compile`: a function of tensors that is traced once per signature and replayed from then on, as `torch.compile`. */
import { withoutCounting } from '../eager/counters'
import { copyAs } from '../eager/readBack'
import { activeTrace, guard } from '../eager/tracing'
import type { tf } from '../eager/tfjs'
import { currentRun } from '../events/currentRun'
import type { CompiledFunction } from '../session/compiledFunction'
import type { CompiledGraph } from '../session/compiledGraph'
import { currentSession, type Session } from '../session/session'
import { withoutGradients } from '../session/signature'
import type { HostTensor } from '../session/types'
import { fieldsOf, isContainer } from '../util/content'
import { ArgumentError, UnsupportedOpError } from '../util/errors'
import { anything, flag, taking, text } from '../util/kinds'
import { parameters, type Given } from '../util/parameters'
import { isPlainObject } from '../util/plainObject'
import { isGradEnabled } from './autograd'
import { OptimizedModule } from './compiledModule'
import { count } from './nn/kinds'
import { Module } from './nn/module'
import { Optimizer } from './optim/optimizer'
import { LRScheduler } from './optim/scheduler'
import { Buffer } from './parameter'
import { StepResult } from './stepResult'
import { Tensor } from './tensor'
import { flatten, unflatten, withTensors, type Structure, type TensorTree } from './tensorTree'

const ownCompiler = 'there is one compiler'

const optionsTable = {
  fullgraph: flag.named.or(false).unused('a step is one graph, whose values are not read'),
  dynamic: anything<unknown>().named.or(null).unused('each shape has a graph of its own'),
  backend: anything<unknown>().named.or(null).unused(ownCompiler),
  mode: text.named.or(null).unused(ownCompiler),
  options: anything<unknown>().named.or(null).unused(ownCompiler),
  /** How the function is called in ledgers and graphs. */
  name: text.named.or(null),
  /** Compiles nothing: what is given comes back as it is. */
  disable: flag.named.or(false),
  recompileLimit: anything<unknown>().named.or(null).unused('each signature has a graph'),
  isolateRecompiles: flag.named.or(false).unused('each signature has a graph'),
  shapesSpec: anything<unknown>().named.or(null).unused('each shape has a graph of its own'),
  /** Steps that one call of the runtime takes together; 1 when left out. Not in PyTorch. */
  stepsPerExecution: count.named.or(null),
}

const compileParameters = parameters('compile', {
  /** A step or another function of tensors, or a module. */
  model: taking<((...inputs: never[]) => TensorTree) | Module<unknown>>(
    'a function or a module',
    (value) => typeof value === 'function' || value instanceof Module,
    'Write compile((x, y) => { ... }) or compile(model).',
  ),
  ...optionsTable,
})

/** Options by name. */
type Options = Given<typeof optionsTable>

interface CompileOptions {
  readonly stepsPerExecution: number | null
  readonly name: string | null
}

let compiledFunctions = 0

/**
 * Compiles a function of tensors, such as a whole training or evaluation step, or a module.
 *
 * Of a function, tensors among the arguments, also inside of arrays and plain objects, become inputs of the graph; any other
 * argument is part of the signature and each new value, or object, makes a new graph. So does a change of what the function
 * reads from outside: numbers of the program, fields of modules. Parameters, optimizer slots and moving averages that it
 * reads or changes are its state. What it returns has values when the step has run: await `.item()`.
 * Throws on the first call what the function throws, and TracedValueError where it reads a value.
 *
 * A compiled module is used as the module itself in an ordinary loop: its forward and its backward are two graphs, which run
 * at once.
 */
export function compile<Output>(module: Module<Output>, ...options: Options): OptimizedModule<Output>
export function compile<A extends readonly unknown[], R extends TensorTree>(
  step: (...inputs: A) => R,
  ...options: Options
): (...inputs: A) => R
export function compile<A extends readonly unknown[], R extends TensorTree>(
  ...given: readonly [step: ((...inputs: A) => R) | Module<unknown>, ...options: Options]
): ((...inputs: A) => R) | OptimizedModule<unknown> {
  const { model, disable, ...options } = compileParameters.read(given)
  if (disable) return model as unknown as ((...inputs: A) => R) | OptimizedModule<unknown>
  if (model instanceof Module) return compileModule(model, options)
  return compileStep(model as unknown as (...inputs: A) => R, options)
}

function compileModule<Output>(
  module: Module<Output>,
  { stepsPerExecution, name }: CompileOptions,
): OptimizedModule<Output> {
  if (stepsPerExecution !== null && stepsPerExecution !== 1) {
    throw new ArgumentError(
      `compile: expected stepsPerExecution for a whole step, got ${stepsPerExecution} for a module, whose calls run at once. ` +
        'Write compile((x, y) => { ... }) around zeroGrad, forward, backward and step.',
    )
  }
  const label = name ?? declaredName() ?? module.constructor.name
  return new OptimizedModule(module, () => openSession().compilePart(label))
}

function compileStep<A extends readonly unknown[], R extends TensorTree>(
  step: (...inputs: A) => R,
  { stepsPerExecution, name }: CompileOptions,
): (...inputs: A) => R {
  const ownName = step.name === '' ? declaredName() : step.name
  const label = name ?? ownName ?? `compiled_${++compiledFunctions}`
  const structures = new WeakMap<CompiledGraph, Structure>()
  let compiled: CompiledFunction | null = null
  return (...inputs: A): R => {
    // Inside of another traced function it is an ordinary call, as in PyTorch.
    if (activeTrace()) return step(...inputs)
    compiled ??= openSession().compile(label, { stepsPerExecution: stepsPerExecution ?? undefined })
    const tensors: Tensor[] = []
    const others = inputs.map((input) =>
      withTensors(input, (tensor) => {
        tensors.push(tensor)
        return 'tensor'
      }),
    )
    const traced: { structure?: Structure } = {}
    const body = (symbolic: readonly tf.Tensor[]) => {
      const rest = symbolic.map((tensor) => new Tensor(tensor).markAsArgument())
      const given = inputs.map((input) => withTensors(input, () => rest.shift())) as unknown as A
      for (const [index, input] of inputs.entries()) guardContents(`argument ${index + 1}`, input)
      const results: Tensor[] = []
      traced.structure = flatten(label, step(...given), results)
      return results.map(({ value }) => value)
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

/** Objects among the arguments count as they are when they are passed; ours tell by themselves what is read of them. */
function guardContents(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value) || isPlainObject(value)) {
    for (const [key, entry] of Object.entries(value)) guardContents(`${name}.${key}`, entry)
  } else if (isContainer(value)) {
    guard(name, () => value)
  } else if (!tellThemselves.some((each) => value instanceof each)) {
    guard(name, () => fieldsOf(value))
  }
}

const tellThemselves = [Tensor, Module, Optimizer, LRScheduler]

/** The name in `const name = compile(`. */
function declaredName(): string | undefined {
  return /(?:const|let|var)\s+([\w$]+)\s*=\s*(?:\w+\.)?compile\b/.exec(currentRun().lineText)?.[1]
}

function openSession(): Session {
  const session = currentSession()
  if (session) return session
  throw new UnsupportedOpError(
    'compile: expected a runtime for graphs, got none in this run. Run the program in a lane.',
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
  return {
    shape,
    dtype,
    values: withoutCounting(() => copyAs(dtype, value.dataSync<'float32' | 'int32' | 'bool'>())),
  }
}
