/** How a program is written, beside its spec and dialect. */
import type { Options } from '../catalogue/calls'

/** The parts of a program that its lane decides. */
export interface ProgramForm {
  /** Lane B starts from lane A's weights. */
  readonly loadsInitialWeights: boolean
  /** Steps are compiled, so many of them for one call of the runtime; null where they run eagerly. */
  readonly compiled: { readonly stepsPerExecution: number } | null
}

/** `stepsPerExecution`, where it says something. */
export function stepsOption({ stepsPerExecution }: { readonly stepsPerExecution: number }): Options {
  return stepsPerExecution === 1 ? [] : [['stepsPerExecution', String(stepsPerExecution)]]
}
