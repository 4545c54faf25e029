/** What a run sees of its eager updates: the gradients, before each is applied, and the weights from before it. */
import type { UpdateObserver } from '../optim/updateObserver'
import type { Instruments } from './instruments'
import type { Ledger } from './ledger'
import type { NonFiniteWatch } from './nonFinite'
import type { ProgramExports } from './programExports'
import type { RunRecord } from './runRecord'
import type { StepClock } from './stepClock'
import type { StepCount } from './stepCount'

/** Who is told of updates. */
interface EagerStepsOptions {
  readonly steps: StepCount
  readonly record: RunRecord
  readonly clock: StepClock
  readonly ledger: Ledger
  readonly exports: ProgramExports
  readonly watch: NonFiniteWatch
  readonly instruments: Instruments
  /** Whether forward and backward are graphs, as those of a compiled module. */
  readonly usesGraphs: () => boolean
}

/** Counts and watches the eager steps of one run. */
export class EagerSteps {
  constructor(private readonly options: EagerStepsOptions) {}

  /** Called by the optimizers with the gradients of an update, before they apply it. */
  readonly observe: UpdateObserver = (gradients) => {
    const { steps, record, clock, ledger, exports, watch, instruments } = this.options
    if (steps.isAfterUpdate) record.stamp(steps.step)
    ledger.observeMemory(watch.heldTensors)
    steps.add(1, this.options.usesGraphs() ? 'static' : 'eager')
    clock.instrument(() => watch.keep(exports.model))
    instruments.observeGradients(gradients, steps.step)
  }

  /** Records the norm of the gradients that were seen last, if one was computed. Between batches only. */
  async recordGradientNorm(): Promise<void> {
    const taken = await this.options.instruments.takeGradientNorm()
    if (taken) this.options.record.scalar('gradientNorm', taken.step, taken.norm)
  }
}
