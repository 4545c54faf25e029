/** What the page asks about a lane's run, in progress or over, and the answers: each has the number of its question. */
import type { LaneRun } from '../core/program/laneRun'
import { explainError } from '../core/program/laneError'
import type { Handlers } from '../core/util/handlers'
import type { Outcome } from '../core/util/pendingRequests'
import type { LaneCommand, LaneMessage } from './protocol'

type Question = Extract<
  LaneCommand,
  { type: 'inspect' | 'encode' | 'classify' | 'takeWeights' | 'loadWeights' }
>
type LoadWeightsCommand = Extract<Question, { type: 'loadWeights' }>

/** Answers questions about one run. */
export class LaneAnswers {
  #run: LaneRun | null = null
  /** Weights that came before the run did. */
  #earlyLoads: LoadWeightsCommand[] = []

  readonly handlers: Handlers<Question> = {
    inspect: ({ runId, inspectionId, inspected }) => {
      void this.#ask((run) => run.inspect(inspected)).then((outcome) =>
        this.send({ type: 'inspection', runId, inspectionId, outcome }),
      )
    },
    encode: ({ runId, fileId, graph }) => {
      void outcomeOf(async () => (await import('../core/onnx')).encodeModel(graph).slice()).then((outcome) =>
        this.send({ type: 'onnx', runId, fileId, outcome }),
      )
    },
    classify: ({ runId, questionId, pixels }) => {
      void this.#ask((run) => run.classify(pixels)).then((outcome) =>
        this.send({ type: 'classified', runId, questionId, outcome }),
      )
    },
    takeWeights: ({ runId, questionId }) => {
      void this.#ask((run) => run.takeWeights()).then((outcome) =>
        this.send({ type: 'weights', runId, questionId, outcome }),
      )
    },
    loadWeights: (command) => {
      if (this.#run) this.#loadWeights(command)
      else this.#earlyLoads.push(command)
    },
  }

  constructor(private readonly send: (message: LaneMessage) => void) {}

  /** From here on questions are about `run`. */
  begin(run: LaneRun): void {
    this.#run = run
    for (const load of this.#earlyLoads.splice(0)) this.#loadWeights(load)
  }

  /** No run begins: what waits for one is told so. */
  giveUp(): void {
    const unavailable = 'weights: expected a run, got none that started. See what the lane says.'
    for (const { runId, questionId } of this.#earlyLoads.splice(0)) {
      this.send({ type: 'weightsLoaded', runId, questionId, outcome: { unavailable } })
    }
  }

  #loadWeights({ runId, questionId, file }: LoadWeightsCommand): void {
    void this.#ask((run) => run.loadWeights(file)).then((outcome) =>
      this.send({ type: 'weightsLoaded', runId, questionId, outcome }),
    )
  }

  #ask<T>(question: (run: LaneRun) => Promise<T>): Promise<Outcome<T>> {
    return outcomeOf(async () => {
      if (this.#run === null) throw new Error('There is no run.')
      return question(this.#run)
    })
  }
}

async function outcomeOf<T>(answer: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return await answer()
  } catch (error) {
    return { unavailable: explainError(error).message }
  }
}
