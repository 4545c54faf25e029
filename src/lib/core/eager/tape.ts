/**
 * The tape: a record of executed kernels that gradients are walked back over. It uses the engine's recording and
 * the registered kernel gradients, but keeps its own nodes, so that a program decides when they are freed.
 */
import { AutogradError } from '../util/errors'
import { isSameShape, printShape } from '../util/shapes'
import { inOriginOf, inPhase } from './origin'
import { park } from './parking'
import { tf } from './tfjs'

type EngineNode = ReturnType<typeof tf.engine>['state']['activeTape'][number]

/** One recorded kernel, with the copies of tensors that its gradient needs. */
export type TapeNode = Pick<EngineNode, 'kernelName' | 'outputs' | 'saved'>

/** Something that is recorded as a whole. */
export interface TapeEntry {
  readonly name: string
  readonly inputs: readonly tf.Tensor[]
  readonly outputs: readonly tf.Tensor[]
  readonly saved: readonly tf.Tensor[]
  /** Gradients of the inputs; of an output without one it is given none. They belong to the caller's scope. */
  readonly gradient: (gradients: readonly (tf.Tensor | undefined)[]) => readonly tf.Tensor[]
}

/** Told what becomes of recorded kernels. */
export interface TapeObserver {
  recorded(nodes: readonly TapeNode[]): void
  /** Called before the gradient of a node is computed. */
  consuming(node: TapeNode): void
  freed(nodes: readonly TapeNode[]): void
}

let observer: TapeObserver | null = null

/** Sets who is told; null for nobody. */
export function setTapeObserver(next: TapeObserver | null): void {
  observer = next
}

/** What freed a recorded kernel: a walk over it, or the end of the scope it ran in. */
type Ending = 'walk' | 'scope'

/** A kernel on a tape. */
interface TapeRecord {
  readonly node: EngineNode
  readonly tape: Tape
  isFreed: boolean
}

/**
 * What tapes hold, oldest first, for scopes that end. Of a record that is left out here only its results know: nobody has
 * to free what nobody can reach, as its saved tensors are off the backend.
 */
let records: TapeRecord[] = []

/** How `Tape.gradients` treats the graph it walked. */
export interface GradientOptions {
  /** Keep the walked nodes for another walk; otherwise their saved tensors are disposed. */
  readonly retainGraph?: boolean
  /** Sees the whole gradient of each intermediate result before it is passed on; what it gives is passed on instead. */
  readonly intermediate?: (result: tf.Tensor, gradient: tf.Tensor) => tf.Tensor
  /** What `intermediate` adds here belongs to the caller's scope, as the gradients do. */
  readonly shown?: readonly tf.Tensor[]
}

/** Records kernels and differentiates what was recorded. */
export class Tape {
  /** How each result was computed, or why that is not known any more. */
  readonly #producers = new WeakMap<tf.Tensor, TapeRecord | Ending>()

  /** Number of recorded kernels. */
  get length(): number {
    return records.filter((record) => record.tape === this && !record.isFreed).length
  }

  /** Runs `compute` with recording on. Tensors it makes belong to the caller's scope. */
  record<T>(compute: () => T): T {
    const { state } = tf.engine()
    if (state.gradientDepth > 0) return compute()
    state.activeTape = []
    state.gradientDepth = 1
    try {
      return compute()
    } finally {
      state.gradientDepth = 0
      const nodes = state.activeTape
      state.activeTape = []
      this.#collect(nodes)
    }
  }

  /**
   * Enters what was computed in another way as one record: `outputs` from `inputs`, whose gradients `gradient` gives from
   * those of the outputs. What is saved for it is disposed of when the record is freed.
   */
  enter({ name, inputs, outputs, saved, gradient }: TapeEntry): void {
    const { state } = tf.engine()
    const entries = inputs.map((input, index) => [String(index), input] as const)
    const node = {
      id: state.nextTapeNodeId++,
      kernelName: name,
      inputs: Object.fromEntries(entries),
      outputs: [...outputs],
      saved: [...saved],
      gradient: (given: tf.Tensor[]) => {
        const gradients = gradient(given)
        return Object.fromEntries(entries.map(([key], index) => [key, () => gradients[index] as tf.Tensor]))
      },
    }
    this.#collect([node])
  }

  /** The tensors that `output` was computed from and that no recorded kernel made: weights and data. */
  leaves(output: tf.Tensor): tf.Tensor[] {
    const leaves = new Set<tf.Tensor>()
    for (const { node } of this.#graphOf(output)) {
      for (const [, input] of inputsOf(node)) if (!this.#producers.has(input)) leaves.add(input)
    }
    return [...leaves]
  }

  /**
   * Gradients of the sum of `output` with respect to each source, of the source's shape; null where the output
   * does not depend on it. They belong to the caller's scope. Throws AutogradError when the graph was freed.
   */
  gradients(
    output: tf.Tensor,
    sources: readonly tf.Tensor[],
    options: GradientOptions = {},
  ): (tf.Tensor | null)[] {
    const graph = this.#graphOf(output)
    const found = new Map<number, tf.Tensor>()
    tf.tidy(() => {
      const { nodes, barrier } = relevantNodes(
        graph.map(({ node }) => node),
        sources,
      )
      if (nodes.length === 0 && barrier) throw notDifferentiable(barrier.kernelName)
      const all = inPhase('backward', () => walkBack(nodes, output, options.intermediate))
      const distinct = new Set<tf.Tensor>()
      for (const source of sources) {
        const gradient = all.get(source.id)
        if (!gradient || found.has(source.id)) continue
        // A kernel may hand one tensor to two inputs; each source gets a tensor of its own to dispose.
        const own = distinct.has(gradient) ? tf.clone(gradient) : gradient
        distinct.add(own)
        found.set(source.id, own)
      }
      return [...found.values(), ...(options.shown ?? [])]
    })
    if (!options.retainGraph) free(graph, 'walk')
    return sources.map((source) => found.get(source.id) ?? null)
  }

  /** Frees the whole record. */
  free(): void {
    free(
      records.filter(({ tape }) => tape === this),
      'scope',
    )
  }

  /** What becomes of a record that `free` took. */
  forget({ node }: TapeRecord, ending: Ending): void {
    for (const output of node.outputs) {
      this.#producers.set(output, ending)
    }
  }

  /** Records that lead to `output`, in order of execution. */
  #graphOf(output: tf.Tensor): TapeRecord[] {
    const found = new Set<TapeRecord>()
    const pending = [output]
    for (let tensor = pending.pop(); tensor; tensor = pending.pop()) {
      const record = this.#producers.get(tensor)
      if (typeof record === 'string') throw graphFreed(record)
      if (!record || found.has(record)) continue
      found.add(record)
      pending.push(...inputsOf(record.node).map(([, input]) => input))
    }
    return [...found].sort((a, b) => a.node.id - b.node.id)
  }

  /** Keeps the engine's nodes except those of the copies it made of saved tensors: nothing is walked back through those. */
  #collect(nodes: readonly EngineNode[]): void {
    const saved = new Set<number>()
    for (const node of nodes) for (const tensor of node.saved ?? []) saved.add(tensor.id)
    const kept = nodes.filter(({ outputs }) => !outputs.some(({ id }) => saved.has(id)))
    for (const node of kept) {
      const record = { node, tape: this, isFreed: false }
      records.push(record)
      for (const output of node.outputs) this.#producers.set(output, record)
    }
    observer?.recorded(kept)
  }
}

function notDifferentiable(kernelName: string): AutogradError {
  return new AutogradError(
    `backward: expected a differentiable operation, got ${kernelName}, which has no gradient. ` +
      'Compute the loss from the values themselves, without comparing, rounding or counting them.',
  )
}

/** Disposes what was saved for the gradients of recorded kernels. */
function free(freed: readonly TapeRecord[], ending: Ending): void {
  if (observer && freed.length > 0) observer.freed(freed.map(({ node }) => node))
  for (const record of freed) {
    record.isFreed = true
    record.tape.forget(record, ending)
    for (const tensor of record.node.saved ?? []) tensor.dispose()
  }
  while (records.at(-1)?.isFreed) records.pop()
}

function graphFreed(ending: Ending): AutogradError {
  return new AutogradError(
    ending === 'walk'
      ? 'backward: expected a recorded graph, got one that an earlier backward() already went through and freed. ' +
          'Pass { retainGraph: true } to the earlier call, run the forward pass again, or detach() what one step hands to the next.'
      : 'backward: expected a graph of this batch, got one that begins in a batch that is over. ' +
          'Call detach() on what one batch hands to the next.',
  )
}

/** Inputs by name; the engine leaves optional ones undefined, against its own type. */
function inputsOf(node: EngineNode): [name: string, tensor: tf.Tensor][] {
  const inputs: Record<string, tf.Tensor | undefined> = node.inputs
  return Object.entries(inputs).flatMap(([name, input]) => (input ? [[name, input]] : []))
}

/**
 * The nodes that lie between a source and the output, in order of execution. Comparisons and positions have no slope: nothing
 * is walked back through truth values and whole numbers, and `barrier` is the first kernel that gave such.
 */
function relevantNodes(
  graph: readonly EngineNode[],
  sources: readonly tf.Tensor[],
): { nodes: Relevant[]; barrier: EngineNode | null } {
  const dependent = new Set(sources.map((source) => source.id))
  const nodes: Relevant[] = []
  let barrier: EngineNode | null = null
  for (const node of graph) {
    const inputs = inputsOf(node).filter(([, input]) => dependent.has(input.id))
    if (inputs.length === 0) continue
    if (node.outputs.some(({ dtype }) => dtype !== 'float32')) {
      barrier ??= node
      continue
    }
    for (const output of node.outputs) dependent.add(output.id)
    nodes.push({ node, inputs })
  }
  return { nodes, barrier }
}

interface Relevant {
  readonly node: EngineNode
  /** Only the inputs that depend on a source. */
  readonly inputs: readonly (readonly [name: string, tensor: tf.Tensor])[]
}

/** Accumulated gradients by tensor id; call inside a tidy. */
function walkBack(
  nodes: readonly Relevant[],
  output: tf.Tensor,
  intermediate: GradientOptions['intermediate'],
): Map<number, tf.Tensor> {
  const gradients = new Map<number, tf.Tensor>([[output.id, tf.ones(output.shape)]])
  for (const { node, inputs } of nodes.toReversed()) {
    if (intermediate) passThrough(gradients, node, intermediate)
    const outputGradients = node.outputs.map((tensor) => gradients.get(tensor.id))
    if (outputGradients.every((gradient) => gradient === undefined)) continue
    const { gradient } = node
    if (!gradient) throw notDifferentiable(node.kernelName)
    observer?.consuming(node)
    // The engine fills in zeros for outputs without a gradient.
    inOriginOf(node.outputs[0], () => {
      const rules = gradient(outputGradients as tf.Tensor[])
      for (const [name, input] of inputs) accumulate(gradients, input, applyRule(node, rules[name], input))
    })
  }
  return gradients
}

/** All that comes after the node was walked, so the gradients of its results are complete. */
function passThrough(
  gradients: Map<number, tf.Tensor>,
  node: EngineNode,
  intermediate: NonNullable<GradientOptions['intermediate']>,
): void {
  for (const result of node.outputs) {
    const gradient = gradients.get(result.id)
    if (gradient) gradients.set(result.id, intermediate(result, gradient))
  }
}

function applyRule(node: EngineNode, rule: (() => tf.Tensor) | undefined, input: tf.Tensor): tf.Tensor {
  if (!rule) throw new Error(`internal: gradient of ${node.kernelName} lacks one of its inputs`)
  const gradient = tf.tidy(rule)
  if (gradient.dtype !== 'float32' || !isSameShape(gradient.shape, input.shape)) {
    throw new Error(
      `internal: gradient of ${node.kernelName} is ${gradient.dtype} ${printShape(gradient.shape)}, ` +
        `its input ${printShape(input.shape)}`,
    )
  }
  return gradient
}

function accumulate(gradients: Map<number, tf.Tensor>, input: tf.Tensor, gradient: tf.Tensor): void {
  const earlier = gradients.get(input.id)
  gradients.set(input.id, earlier ? tf.add(earlier, gradient) : gradient)
}

/** Runs kernels that no tape records. */
export function withoutRecording<T>(run: () => T): T {
  const { state } = tf.engine()
  const depth = state.gradientDepth
  state.gradientDepth = 0
  try {
    return run()
  } finally {
    state.gradientDepth = depth
  }
}

/** A point in the record of this worker: pass it to `freeTapesSince`. */
export function tapeMark(): number {
  return tf.engine().state.nextTapeNodeId
}

/** Frees what any tape recorded since `mark`. */
export function freeTapesSince(mark: number): void {
  const first = records.findLastIndex(({ node }) => node.id < mark) + 1
  free(
    records.slice(first).filter(({ isFreed }) => !isFreed),
    'scope',
  )
}

/**
 * Takes off the backend what is saved for kernels recorded before `mark`: a graph that is walked after all brings it back.
 * With `isLetGo` the graph ends with the last of its results that anybody holds, and not before.
 */
export function ageTapes(mark: number, isLetGo: boolean): void {
  const isOld = ({ node }: TapeRecord) => node.id < mark
  for (const { node, isFreed } of records) {
    if (node.id >= mark) break
    if (!isFreed) for (const tensor of node.saved ?? []) park(tensor)
  }
  records = records.filter((record) => !record.isFreed && !(isLetGo && isOld(record)))
}

/**
 * Value of `compute`, a scalar, and its gradient with respect to each variable (null where it does not depend on
 * one). Like a `tf.GradientTape` used once; everything made belongs to the caller's scope.
 */
export function withTape(
  compute: () => tf.Tensor,
  variables: readonly tf.Tensor[],
): { value: tf.Tensor; gradients: (tf.Tensor | null)[] } {
  const tape = new Tape()
  try {
    const value = tape.record(compute)
    if (value.size !== 1) {
      throw new AutogradError(
        `withTape: expected a scalar, got shape ${printShape(value.shape)}. Take its mean or sum first.`,
      )
    }
    return { value, gradients: tape.gradients(value, variables) }
  } finally {
    tape.free()
  }
}
