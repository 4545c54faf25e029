/** A step that was called and may not have run yet. */
import type { PendingNumber } from '../util/pendingNumber'
import type { CompiledGraph } from './compiledGraph'
import type { HostTensor } from './types'

/** Why steps failed. Whoever waits for the steps is told, so that nobody else has to be. */
const failures = new WeakSet<Error>()

/** Whether the error is that of a compiled step, which was told to those who made it run. */
export function isStepFailure(error: unknown): boolean {
  return error instanceof Error && failures.has(error)
}

interface Waiting {
  readonly resolve: (results: readonly HostTensor[]) => void
  readonly reject: (error: unknown) => void
}

/** The results of one call, once they are there. */
export class PendingStep {
  #results: readonly HostTensor[] | null = null
  #failure: { readonly error: Error } | null = null
  #waiting: Waiting[] = []

  constructor(
    /** What the call was compiled to. */
    readonly graph: CompiledGraph,
    private readonly run: () => Promise<void>,
  ) {}

  /** The results if the step has run. */
  get results(): readonly HostTensor[] | null {
    return this.#results
  }

  /** Settles when the step has run; does not make it run. */
  settled(): Promise<readonly HostTensor[]> {
    if (this.#results) return Promise.resolve(this.#results)
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure.error)
      else this.#waiting.push({ resolve, reject })
    })
  }

  /** Runs the step now, with all that was called before it. */
  async force(): Promise<readonly HostTensor[]> {
    if (!this.#results && !this.#failure) await this.run()
    return this.settled()
  }

  /** The first value of a result, as a number on its way. */
  number(index: number): PendingNumber {
    const valueIn = (results: readonly HostTensor[] | null) => results?.[index]?.values[0]
    const arrived = () => valueIn(this.#results)
    return {
      get arrived() {
        return arrived()
      },
      settled: async () => valueIn(await this.settled()) ?? NaN,
    }
  }

  resolve(results: readonly HostTensor[]): void {
    this.#results = results
    for (const { resolve } of this.#waiting.splice(0)) resolve(results)
  }

  reject(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error))
    failures.add(failure)
    this.#failure = { error: failure }
    for (const { reject } of this.#waiting.splice(0)) reject(failure)
  }
}
