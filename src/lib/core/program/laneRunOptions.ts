/** What a run is started with: the program, how it is to run, and what it needs of its host. */
import type { ExportedExample } from '../export/index'
import type { SessionSettings } from '../session/types'
import type { Checkpoint } from './checkpoint'
import type { ModuleHost } from './evaluate'
import type { Execution, Probe, RunLimit, RunPort } from './types'

/** What a run is made of. */
export interface LaneRunOptions {
  /** Program text, exactly as shown. */
  readonly program: string
  /** Names the run in its events. */
  readonly run: string
  readonly execution: Execution
  /** Where compiled functions run. */
  readonly session: SessionSettings
  readonly limit: RunLimit
  readonly probe: Probe
  /** Post weights at steps 1, 2, 4, 8 …, at ends of epochs (all up to 99, then round ones) and on pause. */
  readonly compareWeights: boolean
  /** Copy weights and slots to the host every few seconds, for a backend that can be lost. */
  readonly keepsCheckpoints: boolean
  /** One example: the model is then exported as an ONNX file when it is trained. */
  readonly exportExample?: ExportedExample | undefined
  /** Where to go on from: after a backend was lost, or when the execution was changed. */
  readonly checkpoint?: Checkpoint | undefined
  readonly host: ModuleHost
  readonly port: RunPort
  /** Milliseconds from any origin. */
  readonly now: () => number
  /** Lets waiting messages in. */
  readonly yieldToHost: () => Promise<void>
}
