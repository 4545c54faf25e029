/** What the text of a program says of its execution. */
import type { Execution, LaneSettings, Style } from '../../spec/schema'

/** Read from the text. */
export interface ExecutionOfText {
  /** The style whose names it imports. */
  readonly style: Style
  /** How its training steps run; null where the text leaves it to the lane. */
  readonly execution: Execution | null
  /** Steps that one call of the runtime takes; null where the text leaves it to the lane. */
  readonly stepsPerExecution: number | null
  /** The line that says it; 0 for none. */
  readonly line: number
  /** Why no line can be changed, and what to write; null where one can. */
  readonly problem: string | null
}

/** How the training steps of a program are to run. */
export type AskedExecution = Pick<LaneSettings, 'execution' | 'stepsPerExecution'>
