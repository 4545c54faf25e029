/** A compiled part of an eager program: a function of tensors that gradients go through, as two graphs for each signature. */
import type { tf } from '../eager/tfjs'
import { DifferentiableGraph, type DifferentiableBody, type DifferentiableCall } from './differentiableGraph'
import { GraphCache } from './graphCache'
import type { Session } from './session'
import { kindOf, type CallKind } from './signature'
import type { SignatureReport } from './types'

/** A compiled function that gradients go through. */
export class DifferentiableFunction {
  readonly isInstrument = false
  readonly #cache: GraphCache<DifferentiableGraph>

  constructor(
    private readonly session: Session,
    readonly name: string,
  ) {
    this.#cache = new GraphCache(name, { warn: (message) => session.observer.warn(message) })
  }

  /**
   * Runs the function now. `others` are the arguments that are no tensors; `body` is traced where the signature is new, and
   * what it throws is thrown.
   */
  call(
    inputs: readonly tf.Tensor[],
    body: DifferentiableBody,
    others: readonly unknown[],
  ): { readonly graph: DifferentiableGraph; readonly call: DifferentiableCall } {
    const kind = kindOf(inputs.map(typeOf), others)
    const known = this.#cache.find(kind)
    const graph = known ? this.#cache.use(known) : this.#build(kind, body)
    return { graph, call: graph.run(inputs) }
  }

  signatures(): SignatureReport[] {
    return this.#cache.signatures()
  }

  dispose(): void {
    this.#cache.dispose()
  }

  #build(kind: CallKind, body: DifferentiableBody): DifferentiableGraph {
    const { settings, now, observer, runtime } = this.session
    const disabledPasses = settings.disabledPasses ?? []
    const how = { function: this.name, body, disabledPasses, backend: runtime.backend, now }
    try {
      const made = this.#cache.make(kind, (graph) => new DifferentiableGraph({ ...how, ...graph }))
      for (const report of made.reports()) observer.compiled(report)
      return made
    } catch (error) {
      observer.traceFailed?.(this.name)
      throw error
    }
  }
}

/** Throws what the trace throws for types that graphs do not have. */
function typeOf({ dtype, shape }: tf.Tensor) {
  return { dtype: dtype as 'float32' | 'int32' | 'bool', shape }
}
