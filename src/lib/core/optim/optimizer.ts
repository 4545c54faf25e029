/** What the update rules share: variables, their slots, the step count. Not a framework's optimizer API. */
import { readBack } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { announceUpdate } from './updateObserver'

/**
 * Whose formula is used where the frameworks differ. Both styles can use either, so that two lanes can be
 * brought to run the same arithmetic.
 */
export type Formulation = 'keras' | 'torch'

/** What an optimizer carries from step to step, on the host. */
export interface OptimizerState {
  readonly iterations: number
  /** Values of the slots in the order of `slots()`. */
  readonly slots: readonly Float32Array[]
}

let optimizersMade = 0

/** An update rule over a fixed list of variables. Change `learningRate` at any time. */
export abstract class Optimizer {
  /** Number of updates applied. */
  iterations = 0
  private readonly id = ++optimizersMade
  private readonly slotVariables = new Map<string, tf.Variable>()

  constructor(
    readonly variables: readonly tf.Variable[],
    public learningRate: number,
  ) {}

  /** Names of the rule's slots for one variable, in their fixed order. */
  protected abstract readonly slotNames: readonly string[]

  /** Changes one variable; runs inside a tidy with `iterations` already counting this update. */
  protected abstract update(variable: tf.Variable, gradient: tf.Tensor): void

  /** One update. Gradients in the order of `variables`; a variable whose gradient is null is left alone. */
  applyGradients(gradients: readonly (tf.Tensor | null)[]): void {
    announceUpdate(gradients.filter((gradient) => gradient !== null))
    this.iterations++
    tf.tidy(() => {
      for (const [index, variable] of this.variables.entries()) {
        const gradient = gradients[index]
        if (gradient) this.update(variable, gradient)
      }
    })
  }

  /** The slots made so far: by variable, and for each in the order of the rule's formula. */
  slots(): readonly tf.Variable[] {
    return this.variables.flatMap((variable) =>
      this.slotNames.flatMap((name) => this.slotVariables.get(slotKey(variable, name)) ?? []),
    )
  }

  /** A copy on the host of what the rule carries from step to step. */
  async state(): Promise<OptimizerState> {
    const slots: Float32Array[] = []
    for (const slot of this.slots()) slots.push(Float32Array.from(await readBack(slot)))
    return { iterations: this.iterations, slots }
  }

  /** Goes on from a copied state; `slots` holds all of them or, before the first update, none. */
  setState({ iterations, slots }: OptimizerState): void {
    this.iterations = iterations
    const values = slots.values()
    for (const variable of this.variables) {
      for (const name of this.slotNames) {
        const { value, done } = values.next()
        if (done) return
        tf.tidy(() => this.slot(variable, name).assign(tf.tensor(value, variable.shape, 'float32')))
      }
    }
  }

  /** Disposes the slots; the variables stay. */
  dispose(): void {
    for (const slot of this.slotVariables.values()) slot.dispose()
    this.slotVariables.clear()
  }

  /** The named slot of a variable, zeros when first asked for. */
  protected slot(variable: tf.Variable, name: string): tf.Variable {
    const key = slotKey(variable, name)
    const existing = this.slotVariables.get(key)
    if (existing) return existing
    // The engine wants every variable's name to be its own.
    const created = tf.variable(tf.zerosLike(variable), false, `optimizer${this.id}/${key}`)
    this.slotVariables.set(key, created)
    return created
  }
}

function slotKey(variable: tf.Variable, name: string): string {
  return `${variable.name}/${name}`
}
