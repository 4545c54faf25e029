/** A run in parts: how this one goes on from where an earlier one stood, and where a later one can go on from it. */
import type { BatchCount } from './batchCount'
import { restoreCheckpoint, takeCheckpoint, type Checkpoint, type Progress } from './checkpoint'
import type { CompiledSteps } from './compiledSteps'
import { describeFit, isChanged } from './fitWeights'
import type { ProgramExports } from './programExports'
import type { RunRecord } from './runRecord'
import type { StepClock } from './stepClock'
import type { StepCount } from './stepCount'

/** What a part of a run is made of. */
interface ContinuationOptions {
  /** Where the earlier part stood. */
  readonly checkpoint?: Checkpoint | undefined
  readonly steps: StepCount
  readonly batches: BatchCount
  readonly clock: StepClock
  readonly record: RunRecord
  readonly exports: ProgramExports
  readonly compiled: Pick<CompiledSteps, 'sayTraces'>
}

/** The ends of one part of a run. */
export class Continuation {
  #interrupted: Checkpoint | undefined

  constructor(private readonly options: ContinuationOptions) {}

  /** Where the run stands at a boundary, whose batch has not begun. */
  get progress(): Progress {
    const { steps, record, batches, clock } = this.options
    const { trainedMs } = clock
    return { step: steps.step, epoch: record.epoch, batches: batches.begun - 1, trainedMs }
  }

  /** Where the run was interrupted, if it was. */
  get interrupted(): Checkpoint | undefined {
    return this.#interrupted
  }

  /** Goes on from where the earlier part stood; a model that was changed since says what it keeps. */
  async begin(): Promise<void> {
    const { checkpoint, steps, exports, record, compiled } = this.options
    if (!checkpoint || !exports.model) return
    steps.restore()
    const fit = await restoreCheckpoint(checkpoint, exports.model, exports.optimizer)
    if (!isChanged(fit)) return
    compiled.sayTraces()
    record.note('model', describeFit(fit))
    record.say(describeFit(fit))
  }

  /** Keeps where the run stands, for the part that goes on elsewhere. */
  async interrupt(): Promise<void> {
    const { model, optimizer } = this.options.exports
    if (model) this.#interrupted = await takeCheckpoint(this.progress, model, optimizer)
  }
}
