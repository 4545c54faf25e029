/** The program text of a lane: what is shown, and what its worker evaluates. */
import type { Spec, Style } from '../spec/schema'
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
}

/** One JavaScript module that builds and trains what the valid `spec` describes, in the given style. */
export function generateProgram(spec: Spec, style: Style, { lane, alignedTo }: ProgramPlace): string {
  const leader = lane === 'B' ? alignedTo : undefined
  const dialect = { style, reference: leader ?? style }
  const write = style === 'keras' ? kerasProgram : torchProgram
  return write(spec, dialect, leader !== undefined)
}

/** The programs of both lanes; lane B follows lane A where the spec says `aligned`. */
export function generatePrograms(spec: Spec, styles: readonly [Style, Style]): readonly [string, string] {
  const alignedTo = spec.alignment === 'aligned' ? styles[0] : undefined
  return [
    generateProgram(spec, styles[0], { lane: 'A' }),
    generateProgram(spec, styles[1], { lane: 'B', alignedTo }),
  ]
}
