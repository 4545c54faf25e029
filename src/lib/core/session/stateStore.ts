/**
 * State between steps: which variables' newest values a runtime holds, alone or packed together. Values go to the
 * runtime when a step needs them and come back to the variables when somebody reads those.
 */
import { tf } from '../eager/tfjs'
import { withoutBringBack } from '../eager/variableSource'
import type { Runtime, StateValue } from './runtime'

/** A value in the runtime that stands for some variables, one after another. */
interface Holding {
  readonly variables: readonly tf.Variable[]
  value: StateValue
  /** Data of each variable when both were last equal: an assignment changes it. */
  dataIds: object[]
  /** The runtime's value is newer than the variables. */
  isAhead: boolean
}

/** Where the newest values of each variable are. */
export class StateStore {
  readonly #holdings = new Map<tf.Variable, Holding>()

  constructor(
    private readonly runtime: Runtime,
    /** Whether steps that were called and are not over need the variable. */
    private readonly isInUse: (variable: tf.Variable) => boolean,
  ) {}

  /** Whether the runtime holds a newer value of the variable than the variable itself. */
  isAhead(variable: tf.Variable): boolean {
    const holding = this.#holdings.get(variable)
    return holding !== undefined && holding.isAhead && !isAssigned(holding, variable)
  }

  /** The groups of variables that are packed together now. */
  groups(): (readonly tf.Variable[])[] {
    return [...new Set(this.#holdings.values())]
      .map(({ variables }) => variables)
      .filter(({ length }) => length > 1)
  }

  /** The newest values of the variables, one after another; belongs to the store. */
  async take(variables: readonly tf.Variable[]): Promise<StateValue> {
    const holding = this.#exact(variables)
    if (holding && !holding.variables.some((variable) => isAssigned(holding, variable))) return holding.value
    for (const other of new Set(variables.flatMap((variable) => this.#holdings.get(variable) ?? []))) {
      await this.#bringBack(other)
      this.#forget(other)
    }
    this.#forgetDisposed()
    const value = await this.runtime.upload(variables)
    this.#keep({ variables, value, dataIds: variables.map(({ dataId }) => dataId), isAhead: false })
    return value
  }

  /** Puts the value that a step left for variables that were taken together. */
  put(variables: readonly tf.Variable[], value: StateValue): void {
    const holding = this.#exact(variables)
    if (!holding) throw new Error('internal: state was put back that was not taken')
    if (holding.value !== value) this.runtime.release(holding.value)
    holding.value = value
    holding.isAhead = true
    holding.dataIds = variables.map(({ dataId }) => dataId)
  }

  /** Brings the newest values back to the variables: to one, or to all. */
  async bringBack(variable?: tf.Variable): Promise<void> {
    if (variable) {
      const holding = this.#holdings.get(variable)
      if (holding) await this.#bringBack(holding)
      return
    }
    for (const holding of new Set(this.#holdings.values())) await this.#bringBack(holding)
  }

  /** The same at once; false where the runtime cannot. */
  bringBackNow(variable: tf.Variable): boolean {
    const holding = this.#holdings.get(variable)
    if (!holding || !this.isAhead(variable)) return true
    const kept = keepAssigned(holding)
    const isThere = this.runtime.downloadNow(holding.value, holding.variables)
    if (isThere) settle(holding, kept)
    free(kept)
    return isThere
  }

  dispose(): void {
    for (const holding of new Set(this.#holdings.values())) this.#forget(holding)
  }

  async #bringBack(holding: Holding): Promise<void> {
    if (!holding.isAhead) return
    const kept = keepAssigned(holding)
    try {
      await this.runtime.download(holding.value, holding.variables)
      settle(holding, kept)
    } finally {
      free(kept)
    }
  }

  #exact(variables: readonly tf.Variable[]): Holding | undefined {
    const [first] = variables
    const holding = first && this.#holdings.get(first)
    const isExact =
      holding?.variables.length === variables.length &&
      holding.variables.every((variable, index) => variable === variables[index])
    return isExact ? holding : undefined
  }

  #keep(holding: Holding): void {
    for (const variable of holding.variables) this.#holdings.set(variable, holding)
  }

  /** Frees what nobody can read any more. */
  #forgetDisposed(): void {
    for (const holding of new Set(this.#holdings.values())) {
      const { variables } = holding
      if (variables.every(isGone) && !variables.some(this.isInUse)) this.#forget(holding)
    }
  }

  #forget(holding: Holding): void {
    for (const variable of holding.variables) this.#holdings.delete(variable)
    this.runtime.release(holding.value)
  }
}

function isAssigned(holding: Holding, variable: tf.Variable): boolean {
  return variable.dataId !== holding.dataIds[holding.variables.indexOf(variable)]
}

/** Disposed of, alone or with all variables of the engine. */
function isGone(variable: tf.Variable): boolean {
  return tf.engine().registeredVariables[variable.name] !== variable
}

type Kept = readonly (readonly [variable: tf.Variable, value: tf.Tensor])[]

/** What the program has assigned since the last step: it is newer than what the runtime holds. */
function keepAssigned(holding: Holding): Kept {
  const assigned = holding.variables.filter((variable) => isAssigned(holding, variable))
  return withoutBringBack(() => assigned.map((variable) => [variable, tf.keep(variable.clone())] as const))
}

/** After a download: all values are there, and the newer ones are put back in their places. */
function settle(holding: Holding, kept: Kept): void {
  holding.isAhead = false
  holding.dataIds = holding.variables.map(({ dataId }) => dataId)
  withoutBringBack(() => {
    for (const [variable, value] of kept) variable.assign(value)
  })
}

function free(kept: Kept): void {
  for (const [, value] of kept) value.dispose()
}
