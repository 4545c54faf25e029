/** What steps cost: kernels, reads, time in the runtime, and what building graphs cost once. */
import { memoryInUse } from '../eager/counters'
import type { BlockReport, CompiledReport } from '../session/types'
import type { StepClock } from './stepClock'
import type { LedgerReport, StaticCosts } from './types'

type StepCosts = Omit<LedgerReport, 'liveTensors' | 'liveBytes' | 'peakTensors' | 'static'>

const windowMs = 250

interface Blocks {
  readonly blocks: number
  readonly steps: number
  readonly dispatchMs: number
  readonly computeMs: number
}

const noBlocks: Blocks = { blocks: 0, steps: 0, dispatchMs: 0, computeMs: 0 }

/** The costs of the steps of one run. */
export class Ledger {
  #costs: StepCosts | null = null
  #peakTensors = 0
  #blocks = noBlocks
  #lastBlocks = noBlocks
  #traces = 0
  #build = { traceMs: 0, passesMs: 0, compileMs: 0 }
  /** Most values that live at once in the graph of the training step. */
  #peakValues = 0

  constructor(private readonly clock: StepClock) {}

  /** Called where the most tensors are alive: between the gradients and the update. Instruments hold `watched`. */
  observeMemory(watched: number): void {
    this.#peakTensors = Math.max(this.#peakTensors, memoryInUse().tensors - watched)
  }

  addBuild({ traceMs, passesMs, compileMs, peakValues, isTraining }: CompiledReport): void {
    const build = this.#build
    this.#traces++
    this.#build = {
      traceMs: build.traceMs + traceMs,
      passesMs: build.passesMs + passesMs,
      compileMs: build.compileMs + compileMs,
    }
    if (isTraining) this.#peakValues = Math.max(this.#peakValues, peakValues)
  }

  addBlock({ updates, dispatchMs, computeMs }: BlockReport): void {
    const { blocks } = this.#blocks
    this.#blocks = {
      blocks: blocks + 1,
      steps: this.#blocks.steps + updates,
      dispatchMs: this.#blocks.dispatchMs + dispatchMs,
      computeMs: this.#blocks.computeMs + computeMs,
    }
  }

  /**
   * Steps a second over the window that just ended; null while it goes on. The first few steps are told at once. A
   * window ends between batches, so that its blocks and the time on the clock cover the same steps.
   */
  takeWindow(): number | null {
    if (this.clock.isRunning) return null
    if (this.#costs && this.clock.untakenMs < windowMs) return null
    const { trainMs, instrumentMs, kernels, hostReads, steps } = this.clock.take()
    if (steps === 0 || trainMs === 0) return null
    this.#costs = {
      kernelsPerStep: kernels / steps,
      hostReadsPerStep: hostReads / steps,
      msPerStep: trainMs / steps,
      instrumentMsPerStep: instrumentMs / steps,
      steps,
    }
    this.#lastBlocks = this.#blocks
    this.#blocks = noBlocks
    return 1000 / this.#costs.msPerStep
  }

  /** The figures of the last window with what is held now; `watched` is held by instruments beside the program. */
  report(watched: { readonly tensors: number; readonly bytes: number }): LedgerReport | undefined {
    if (!this.#costs) return undefined
    const { tensors, bytes } = memoryInUse()
    return {
      ...this.#costs,
      liveTensors: tensors - watched.tensors,
      liveBytes: bytes - watched.bytes,
      peakTensors: this.#peakTensors === 0 ? this.#peakValues : this.#peakTensors,
      static: this.#static(this.#costs.msPerStep),
    }
  }

  #static(msPerStep: number): StaticCosts | undefined {
    if (this.#traces === 0) return undefined
    const { blocks, steps, dispatchMs, computeMs } = this.#lastBlocks
    const dispatchMsPerStep = steps === 0 ? 0 : dispatchMs / steps
    const computeMsPerStep = steps === 0 ? 0 : computeMs / steps
    return {
      ...this.#build,
      traces: this.#traces,
      stepsPerBlock: blocks === 0 ? 0 : steps / blocks,
      dispatchMsPerStep,
      computeMsPerStep,
      restMsPerStep: msPerStep - dispatchMsPerStep - computeMsPerStep,
    }
  }
}
