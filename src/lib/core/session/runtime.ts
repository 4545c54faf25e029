/** What a session needs of whatever runs graphs. */
import type { tf } from '../eager/tfjs'
import type { Graph } from '../graph/types'
import type { HostTensor, StaticBackend } from './types'

/** State as the runtime holds it between steps; made and read by the runtime only. */
export type StateValue = object

/** What a block of steps is given. */
export interface BlockInput {
  readonly steps: number
  /** Arguments and host inputs by name; for a block stacked along a new first axis. */
  readonly feeds: ReadonlyMap<string, HostTensor>
  /** By name of the graph's input. */
  readonly states: ReadonlyMap<string, StateValue>
}

/** What a block of steps gave. */
export interface BlockOutput {
  /** In the order of the graph's results; for a block stacked along a new first axis. */
  readonly results: readonly HostTensor[]
  /** New values of the states that the step changes, by name of the graph's input. */
  readonly states: ReadonlyMap<string, StateValue>
}

/** A graph that is ready to run. */
export interface LoadedGraph {
  run(input: BlockInput): Promise<BlockOutput>
  dispose(): void
}

/** Runs the graphs of a session. */
export interface Runtime {
  readonly backend: StaticBackend
  /** Whether many steps can run in one call. */
  readonly runsBlocks: boolean
  /** Loads a graph to run one step, or any number of steps at a time. */
  load(graph: Graph, form: 'step' | 'block'): Promise<LoadedGraph>
  /** The variables' values, one after another where there are several. */
  upload(variables: readonly tf.Variable[]): Promise<StateValue>
  /** Assigns the value to its variables. */
  download(value: StateValue, variables: readonly tf.Variable[]): Promise<void>
  /** The same at once, where that is possible; false where it is not. */
  downloadNow(value: StateValue, variables: readonly tf.Variable[]): boolean
  /** Frees a value that is no longer used. */
  release(value: StateValue): void
}
