/** What the program's variables held before a trace, so that they hold it again after it. */
import { shareData } from '../eager/shareData'
import { tf } from '../eager/tfjs'

/** Variables, each with a tensor on the very data that it held. The eager backend is in use whenever one of its methods runs. */
export class HeldVariables {
  readonly #held = new Map<tf.Variable, tf.Tensor>()

  /** Keeps what each registered variable holds: an assignment would free it. */
  holdAll(): void {
    for (const variable of registered()) this.#hold(variable)
  }

  /** Called before something runs outside of the trace; call what it returns afterwards, to hold what is new from then on. */
  watch(): () => void {
    const known = new Set(registered())
    const untouched = [...this.#held].filter(([variable, held]) => variable.dataId === held.dataId)
    return () => {
      for (const [variable, held] of untouched) {
        if (variable.dataId === held.dataId) continue
        held.dispose()
        this.#held.delete(variable)
        this.#hold(variable)
      }
      for (const variable of registered()) if (!known.has(variable)) this.#hold(variable)
    }
  }

  /** The variables that are still there, and whether the trace has assigned to them. */
  *assignments(): Generator<{ readonly variable: tf.Variable; readonly isAssigned: boolean }> {
    for (const [variable, held] of this.#held) {
      if (!variable.isDisposed) yield { variable, isAssigned: variable.dataId !== held.dataId }
    }
  }

  /** Gives every variable back what it held, and disposes those that the trace has made. */
  restore(): void {
    for (const variable of registered()) {
      // What the call made of symbolic values and kept, such as gradients, ends with the trace.
      if (!this.#held.has(variable)) variable.dispose()
    }
    for (const [variable, held] of this.#held) {
      // Under its earlier data id the variable counts as unchanged.
      if (!variable.isDisposed && variable.dataId !== held.dataId) variable.assign(held)
      held.dispose()
    }
  }

  #hold(variable: tf.Variable): void {
    if (!this.#held.has(variable)) this.#held.set(variable, shareData(variable))
  }
}

function registered(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables)
}
