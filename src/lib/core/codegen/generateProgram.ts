/** The program text of a lane: what is shown, and what its worker evaluates. */
import type { Execution, Spec, Style } from '../spec/schema'
import { kerasProgram } from './keras'
import { torchProgram } from './torch'

/** Where a program runs. */
export interface ProgramPlace {
  readonly lane: 'A' | 'B'
  /**
   * Style of lane A, for a lane B aligned to it: B then starts from A's initial weights and takes A's
   * constants and update formulation. Lane A itself is always native.
   */
  readonly alignedTo?: Style | undefined
  /** Eager when left out. */
  readonly execution?: Execution
  /** For static execution: steps that one call of the runtime takes. */
  readonly stepsPerExecution?: number
}

/** One JavaScript module that builds and trains what the valid `spec` describes, in the given style. */
export function generateProgram(spec: Spec, style: Style, place: ProgramPlace): string {
  const { lane, alignedTo, execution = 'eager', stepsPerExecution = 1 } = place
  const leader = lane === 'B' ? alignedTo : undefined
  const dialect = { style, reference: leader ?? style }
  const write = style === 'keras' ? kerasProgram : torchProgram
  const compiled = execution === 'static' ? { stepsPerExecution } : null
  return write(spec, dialect, { loadsInitialWeights: leader !== undefined, compiled })
}

/** The programs of both lanes; lane B follows lane A where the spec says `aligned`. */
export function generatePrograms(spec: Spec, styles: readonly [Style, Style]): readonly [string, string] {
  const alignedTo = spec.alignment === 'aligned' ? styles[0] : undefined
  return [
    generateProgram(spec, styles[0], { lane: 'A' }),
    generateProgram(spec, styles[1], { lane: 'B', alignedTo }),
  ]
}
