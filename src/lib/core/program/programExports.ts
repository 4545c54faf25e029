/** The model and the optimizer that a program exports, once it has reached their declarations. */
import { isInstance } from '../util/describeValue'
import type { VariableNames } from './stepViews'
import { asTrainedModel, asTrainedOptimizer, type TrainedModel, type TrainedOptimizer } from './trained'

/** What one program exports. */
export class ProgramExports {
  #getters: Readonly<Record<string, () => unknown>> = {}
  #model: TrainedModel | null = null
  #optimizer: TrainedOptimizer | null = null

  get model(): TrainedModel | null {
    return this.#model
  }

  get optimizer(): TrainedOptimizer | null {
    return this.#optimizer
  }

  /** Where the bindings are read, by exported name. */
  setGetters(getters: Readonly<Record<string, () => unknown>>): void {
    this.#getters = getters
  }

  /** Looks for what was not there yet. */
  find(): void {
    this.#model ??= asTrainedModel(this.#read('model'))
    this.#optimizer ??= asTrainedOptimizer(this.#read('optimizer'))
  }

  variableNames(): VariableNames {
    const variables = this.#model?.variables() ?? []
    return Object.fromEntries(variables.map(({ name, variable }) => [variable.name, name]))
  }

  /** An exported binding, or undefined while the program has not reached its declaration. */
  #read(name: string): unknown {
    try {
      return this.#getters[name]?.()
    } catch (error) {
      if (isInstance(error, ReferenceError)) return undefined
      throw error
    }
  }
}
