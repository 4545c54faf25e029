/** A session that remembers a call of each function, so that its step can be traced once more and exported. */
import type { CompiledFunction, CompileOptions } from '../session/compiledFunction'
import { Session } from '../session/session'
import type { HostTensor } from '../session/types'
import type { TracedCall } from '../trace/trace'

/** A call of a compiled function with its inputs. */
export interface RecordedCall {
  readonly function: string
  readonly inputs: readonly HostTensor[]
  readonly body: TracedCall
}

/** A session that keeps the first call of each function. */
export class RecordingSession extends Session {
  readonly #calls = new Map<string, RecordedCall>()

  /** The first call of each function, in order: later ones may hold a partial batch. */
  get calls(): readonly RecordedCall[] {
    return [...this.#calls.values()]
  }

  override compile(name: string, options: CompileOptions = {}): CompiledFunction {
    const compiled = super.compile(name, options)
    const call = compiled.call.bind(compiled)
    compiled.call = (inputs, body, others) => {
      if (!this.#calls.has(name)) this.#calls.set(name, { function: name, inputs, body })
      return call(inputs, body, others)
    }
    return compiled
  }
}
