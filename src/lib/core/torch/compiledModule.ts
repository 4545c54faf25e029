/**
 * A compiled module in an eager program: its forward and what backward() does with it are two graphs, which run at once and
 * are one entry of the tape. Source: torch.compile of a module.
 */
import { inPhase } from '../eager/origin'
import { activeTrace } from '../eager/tracing'
import { tf } from '../eager/tfjs'
import type { DifferentiableBody, DifferentiableGraph } from '../session/differentiableGraph'
import type { DifferentiableFunction } from '../session/differentiableFunction'
import { withoutGradients } from '../session/signature'
import { enterOnTape, execute, isGradEnabled, leafGradients } from './autograd'
import { Module, type ModuleInput } from './nn/module'
import { Tensor } from './tensor'
import { flatten, unflatten, withTensors, type Structure } from './tensorTree'

/** What a graph gives back, apart from values. */
interface Returned {
  readonly structure: Structure
  readonly tensors: readonly Pick<Tensor, 'requiresGrad' | 'flattenedFrom'>[]
}

/** Opens the function of a session that keeps the graphs. */
type OpenPart = () => DifferentiableFunction

/** Named after PyTorch's, whose state dict has the same names. */
export class OptimizedModule<Output> extends Module<Output> {
  readonly _orig_mod: Module<Output>
  readonly #openPart: OpenPart
  readonly #returned = new WeakMap<DifferentiableGraph, Returned>()
  #part: DifferentiableFunction | null = null

  constructor(module: Module<Output>, openPart: OpenPart) {
    super()
    this._orig_mod = module
    this.#openPart = openPart
    delegate(this, module)
  }

  /** The mode of the module itself, as in PyTorch. */
  override get training(): boolean {
    return this._orig_mod.training
  }

  override set training(isTraining: boolean) {
    this._orig_mod.training = isTraining
  }

  override forward(...inputs: readonly ModuleInput[]): Output {
    // Inside of a traced function it is an ordinary call, as in PyTorch.
    if (activeTrace()) return this._orig_mod.forward(...inputs)
    const part = (this.#part ??= this.#openPart())
    const tensors: Tensor[] = []
    const others = inputs.map((input) =>
      withTensors(input, (tensor) => {
        tensors.push(tensor)
        return 'tensor'
      }),
    )
    const traced: { returned?: Returned } = {}
    const values = tensors.map(({ value }) => value)
    const body: DifferentiableBody = (symbolic) => {
      const given = tensors.map((tensor, index) => symbolicOf(tensor, symbolic[index]))
      const rest = [...given]
      const output = this._orig_mod.forward(
        ...(inputs.map((input) => withTensors(input, () => rest.shift())) as ModuleInput[]),
      )
      const results: Tensor[] = []
      traced.returned = { structure: flatten(part.name, output, results), tensors: results.map(noted) }
      return derivativeOf(results, symbolic)
    }
    const { graph, call } = part.call(values, body, kindOf(others, tensors))
    if (traced.returned) this.#returned.set(graph, traced.returned)
    const { outputs, sources, saved, backward } = call
    if (sources.length > 0)
      enterOnTape({ name: part.name, inputs: sources, outputs, saved, gradient: backward })
    const { structure, tensors: notes } = this.#returned.get(graph) ?? { structure: [], tensors: [] }
    return unflatten(structure, (index) => made(outputs[index], notes[index])) as Output
  }
}

/** What else tells calls apart: arguments that are no tensors, and what gradients are wanted of. */
function kindOf(others: readonly unknown[], tensors: readonly Tensor[]): readonly unknown[] {
  if (!isGradEnabled()) return [...others, withoutGradients]
  const wanted = tensors.flatMap(({ requiresGrad }, index) => (requiresGrad ? [index] : []))
  return wanted.length > 0 ? [...others, { requiresGrad: wanted }] : others
}

function symbolicOf({ requiresGrad, flattenedFrom }: Tensor, symbolic: tf.Tensor | undefined): Tensor {
  if (!symbolic) throw new Error('internal: a trace has no tensor for an argument')
  const tensor = new Tensor(symbolic, requiresGrad && isGradEnabled() ? 'leaf' : 'constant')
  tensor.flattenedFrom = flattenedFrom
  return tensor
}

function noted({ requiresGrad, flattenedFrom }: Tensor): Returned['tensors'][number] {
  return { requiresGrad, flattenedFrom }
}

function made(value: tf.Tensor | undefined, note: Returned['tensors'][number] | undefined): Tensor {
  if (!value) throw new Error('internal: a graph gave no result')
  const tensor = new Tensor(value, note?.requiresGrad ? 'result' : 'constant')
  tensor.flattenedFrom = note?.flattenedFrom
  return tensor
}

/**
 * Outputs with the gradients of Σ output · seed with respect to all leaves: seeds are what backward() will have as the
 * gradients of the outputs.
 */
function derivativeOf(
  results: readonly Tensor[],
  inputs: readonly tf.Tensor[],
): ReturnType<DifferentiableBody> {
  const outputs = results.map(({ value }) => value)
  const seeded = isGradEnabled()
    ? results.flatMap(({ requiresGrad }, index) => (requiresGrad ? [index] : []))
    : []
  if (seeded.length === 0) return { outputs, gradients: [], sources: [], seeded }
  return inPhase('backward', () => {
    const total = execute(true, () => tf.addN(seeded.map((index) => weighted(outputs[index] as tf.Tensor))))
    const found = leafGradients(total)
    const sources = found.map(({ leaf }) => (inputs.includes(leaf) ? inputs.indexOf(leaf) : leaf))
    return { outputs, gradients: found.map(({ gradient }) => gradient), sources, seeded }
  })
}

function weighted(output: tf.Tensor): tf.Tensor {
  const seed = activeTrace()?.argument('gradient', output.shape)
  return tf.sum(seed ? tf.mul(output, seed) : output)
}

/** Fields and methods of the module itself are those of the compiled one, too. */
function delegate(wrapper: object, module: object): void {
  for (let each: unknown = module; each !== Module.prototype; each = Object.getPrototypeOf(each)) {
    if (typeof each !== 'object' || each === null) return
    for (const name of Object.getOwnPropertyNames(each)) {
      if (name in wrapper) continue
      Object.defineProperty(wrapper, name, {
        configurable: true,
        get: (): unknown => {
          const value: unknown = Reflect.get(module, name)
          return typeof value === 'function' ? value.bind(module) : value
        },
        set: (value: unknown) => Reflect.set(module, name, value),
      })
    }
  }
}
